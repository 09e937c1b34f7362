import type { FastifyInstance } from 'fastify';
import type { Gate } from './gate.ts';
import { sendVersion, type Version, versionOf } from './send-version.ts';

interface ServedPage extends Version {
  readonly contentSecurityPolicy: string;
}

/** `GET /`: the page, one HTML file that needs nothing else but the other doors. It is made when first asked for, and kept. */
export function pageDoor(app: FastifyInstance, gate: Gate): void {
  let made: Promise<ServedPage> | undefined;
  const served = (): Promise<ServedPage> => {
    made ??= gate
      .page()
      .then(servedPage)
      .catch((error: unknown) => {
        // A file that could not be read once need not stay away.
        made = undefined;
        throw error;
      });
    return made;
  };
  app.get('/', { exposeHeadRoute: true }, async (request, reply) => {
    const page = await served();
    reply.headers({
      'content-security-policy': page.contentSecurityPolicy,
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
    });
    return sendVersion(request, reply, page, 'text/html; charset=utf-8');
  });
}

function servedPage(body: string): ServedPage {
  return { ...versionOf(body), contentSecurityPolicy: `${ownPolicyOf(body)}; frame-ancestors 'none'` };
}

/**
 * The page knows the hashes of its own scripts and says them in a meta element, so that it is as strict from a file. Only
 * `frame-ancestors` cannot stand there (CSP 3, 3.3).
 */
function ownPolicyOf(html: string): string {
  const [, policy] = /<meta http-equiv="Content-Security-Policy" content="([^"]+)"/i.exec(html) ?? [];
  if (policy === undefined) throw new Error('the page has no Content-Security-Policy of its own');
  return policy;
}
