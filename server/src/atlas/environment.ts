import type { Secret } from '../protocol';

/**
 * How the environment says to sign in: FLINK_SQL_ATLAS_TOKEN (bearer, JWT), FLINK_SQL_ATLAS_KNOX_TOKEN (the cookie hadoop-jwt), or
 * FLINK_SQL_ATLAS_USER with FLINK_SQL_ATLAS_PASSWORD; FLINK_SQL_ATLAS_PASSPHRASE opens the key of a client certificate.
 */
export function secretOfEnvironment(env: NodeJS.ProcessEnv): Secret | undefined {
  const { FLINK_SQL_ATLAS_TOKEN: token, FLINK_SQL_ATLAS_KNOX_TOKEN: knox, FLINK_SQL_ATLAS_USER: user } = env;
  const { FLINK_SQL_ATLAS_PASSWORD: password = '', FLINK_SQL_ATLAS_PASSPHRASE: passphrase } = env;
  const opens = passphrase ? { passphrase } : {};
  if (token) return { type: 'bearer', token, ...opens };
  if (knox) return { type: 'knox', token: knox, ...opens };
  if (user) return { type: 'basic', user, password, ...opens };
  return passphrase ? { type: 'none', ...opens } : undefined;
}
