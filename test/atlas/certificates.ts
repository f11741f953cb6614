// Certificates for tests, made by openssl when they are needed: an authority, servers, a client.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Opens client.p12 and locked.key */
export const PASSPHRASE = 'planted-passphrase';

export const noOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'openssl is not installed';
  }
})();

/**
 * A folder with ca.pem; server, expired and other (for another name) as .pem and .key; client.pem, client.key, locked.key, client.p12;
 * and stranger.pem of another authority.
 */
export function makeCertificates(): { file: (name: string) => string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'flink-sql-certificates-'));
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const authority = (name: string) =>
    openssl(
      'req',
      '-x509',
      ...newKey,
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.pem`,
      '-subj',
      `/CN=${name}`,
      '-days',
      '2',
    );
  const signed = (name: string, by: string, names: string, days = 2) => {
    const request = [
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      '-subj',
      `/CN=${name}`,
      '-addext',
      `subjectAltName=${names}`,
    ];
    openssl('req', ...newKey, ...request);
    const issuer = ['-CA', `${by}.pem`, '-CAkey', `${by}.key`, '-CAcreateserial', '-days', String(days)];
    openssl('x509', '-req', '-in', `${name}.csr`, ...issuer, '-copy_extensions', 'copy', '-out', `${name}.pem`);
  };
  const here = 'IP:127.0.0.1,DNS:localhost,DNS:atlas.test';
  authority('ca');
  authority('stranger-ca');
  signed('server', 'ca', here);
  signed('expired', 'ca', here, -1);
  signed('other', 'ca', 'DNS:elsewhere.example.org');
  signed('client', 'ca', 'email:ana@example.org');
  signed('stranger', 'stranger-ca', 'email:eve@example.org');
  openssl('pkcs8', '-topk8', '-in', 'client.key', '-out', 'locked.key', '-passout', `pass:${PASSPHRASE}`);
  openssl(
    'pkcs12',
    '-export',
    '-in',
    'client.pem',
    '-inkey',
    'client.key',
    '-out',
    'client.p12',
    '-passout',
    `pass:${PASSPHRASE}`,
  );
  return {
    file: (name) => join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
