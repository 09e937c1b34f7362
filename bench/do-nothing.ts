import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';

/** The baseline: what any webhook in Node has to do. Parses the review and allows it. Arguments: port, certificate directory. */
const [port = '0', certificates = 'certs'] = process.argv.slice(2);

const server = createServer(
  {
    cert: readFileSync(`${certificates}/tls.crt`),
    key: readFileSync(`${certificates}/tls.key`),
    keepAliveTimeout: 120_000,
  },
  (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const review = JSON.parse(Buffer.concat(chunks).toString()) as { request: { uid: string } };
      const answer = {
        apiVersion: 'admission.k8s.io/v1',
        kind: 'AdmissionReview',
        response: { uid: review.request.uid, allowed: true },
      };
      const body = JSON.stringify(answer);
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
      response.end(body);
    });
  },
);
server.listen(Number(port), '127.0.0.1');
