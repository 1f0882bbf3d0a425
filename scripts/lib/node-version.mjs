/** The oldest Node.js that the development tools run on; the same number stands in package.json's `engines`. */
const MINIMUM = [20, 15];

/** Ends the process with clear words when this Node.js is too old. Uses nothing that an old one would not understand. */
export function requireNode() {
	const [major, minor] = process.versions.node.split('.').map(Number);
	if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return;
	console.error(
		`This needs Node.js ${MINIMUM.join('.')} or newer; the one running is ${process.versions.node}.\n` +
			'Install a current LTS version (for instance with nvm: "nvm install 20") and run the same command again.',
	);
	process.exit(1);
}
