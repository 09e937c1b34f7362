import { type Command, Option } from 'commander';
import type { IssueCertsFlags, RotateCertsFlags, ShowCertsFlags } from '../commands/certs.ts';
import type { Io } from '../io.ts';
import { DEFAULTS } from '../serve-defaults.ts';
import { collected } from './collected.ts';
import type { Finish } from './finish.ts';

export function addCerts(program: Command, io: Io, finish: Finish): void {
  const certs = program.command('certs').description('Work with the server certificate and its authority.');
  const inSecret = new Option('--cert-secret <namespace/name>', 'the Secret that the gates share');
  const byKubeconfig = new Option('--kubeconfig <file>', 'default: $KUBECONFIG, else ~/.kube/config');
  const inCluster = new Option('--in-cluster', 'as the service account of this pod');
  certs
    .command('show')
    .description('Print what is served and trusted, until when, and how far a rotation is.')
    .option('--cert-dir <dir>', `directory of tls.crt, tls.key and ca.crt; default: ${DEFAULTS.certDir}`)
    .addOption(inSecret)
    .addOption(byKubeconfig)
    .addOption(inCluster)
    .action(async (flags: ShowCertsFlags) => {
      const { showCerts } = await import('../commands/certs.ts');
      finish(await showCerts(flags, io));
    });
  certs
    .command('issue')
    .description('Make an authority and a certificate as files, for --cert-dir of serve. Nothing is overwritten.')
    .option('--cert-dir <dir>', `where to; default: ${DEFAULTS.certDir}`)
    .addOption(new Option('--name <name>', 'DNS name or address of the gate, repeatable').argParser(collected))
    .action(async (flags: IssueCertsFlags) => {
      const { issueCerts } = await import('../commands/certs.ts');
      finish(await issueCerts(flags, io));
    });
  certs
    .command('rotate')
    .description('Renew the certificate in the Secret now, or with --ca begin to replace its authority.')
    .addOption(inSecret)
    .option('--ca', 'replace the authority: publish the new one, then use it, then drop the old one')
    .option('--overlap <duration>', 'how long each of these phases lasts, 5s to 30d; default: 10m')
    .addOption(byKubeconfig)
    .addOption(inCluster)
    .action(async (flags: RotateCertsFlags) => {
      const { rotateCerts } = await import('../commands/certs.ts');
      finish(await rotateCerts(flags, io));
    });
}
