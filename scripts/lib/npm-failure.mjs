/** What npm's error codes mean for the person who waits, and what to do about them. */
const MEANINGS = [
	{
		pattern: /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET_TIMEOUT|EPROTO)\b/,
		words: 'The package registry could not be reached. Check the network, a proxy ("npm config get proxy") and "npm config get registry".',
	},
	{
		pattern: /\b(CERT_|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER))/,
		words: 'The registry\'s certificate was not accepted. Behind a company proxy, point NODE_EXTRA_CA_CERTS at its certificate.',
	},
	{
		pattern: /npm error code (E404|ETARGET|ENOVERSIONS)/,
		words: 'The registry does not have this package in this version. Check "npm config get registry": a mirror may lag behind.',
	},
	{ pattern: /npm error code (E401|E403)/, words: 'The registry refused access. Check the registry and login in your .npmrc.' },
	{ pattern: /npm error code EINTEGRITY/, words: 'A download arrived broken. Run "npm cache verify" and try again.' },
	{ pattern: /\bENOSPC\b/, words: 'The disk is full.' },
	{ pattern: /npm error code (EACCES|EPERM)/, words: 'A file or folder may not be written. Check who owns the checkout and npm\'s cache folder.' },
	{
		pattern: /gyp ERR!|node-gyp/,
		words: 'A native module (sqlite3) had to be compiled and could not be. That needs Python 3, make and a C++ compiler (Debian: "apt-get install python3 make g++").',
	},
];

/** Turns npm's output into words: which package, what to check, where the whole log is. */
export function explainNpmFailure(what, output, log) {
	const errors = output.split('\n').filter((line) => /^npm (error|ERR!)/.test(line));
	const text = errors.length > 0 ? errors.join('\n') : output;
	const meaning = MEANINGS.find(({ pattern }) => pattern.test(text))?.words;
	const named = /request to (\S+) failed|404\s+(?:Not Found - GET )?(\S+)|No matching version found for (\S+?)\.?$|path (\S*node_modules\S+)/m.exec(text);
	const about = named?.slice(1).find(Boolean);
	return [
		`${what} failed${about ? ` at ${about}` : ''}.`,
		meaning ?? `npm's last words:\n${(errors.length > 0 ? errors : output.trimEnd().split('\n')).slice(-12).join('\n')}`,
		`The whole log: ${log}`,
		'What was fetched so far is kept: the same command goes on from there.',
	].join('\n');
}
