import { createServer } from 'node:net';

/** The ports of one sandbox; `runners` is the one by which n8n talks to its own task runners. */
export interface Ports {
	zendesk: number;
	orocrm: number;
	n8n: number;
	runners: number;
}

export const usualPorts: Ports = { zendesk: 4101, orocrm: 4102, n8n: 5678, runners: 5679 };

/** How far up the next free port is looked for before any free one is taken. */
const REACH = 50;

/** The wanted ports where they are free, else the next free ones above. 0 stands for any free port. */
export async function freePorts(wanted: Ports): Promise<Ports> {
	const chosen = { ...wanted };
	for (const name of Object.keys(wanted) as Array<keyof Ports>) {
		// Not one that another of them has or wants.
		const others = Object.entries(chosen).filter(([other]) => other !== name);
		chosen[name] = await freePort(wanted[name], new Set(others.map(([, port]) => port)));
	}
	return chosen;
}

async function freePort(wanted: number, taken: ReadonlySet<number>): Promise<number> {
	for (let port = wanted; wanted > 0 && port < Math.min(wanted + REACH, 65_536); port += 1) {
		if (!taken.has(port) && (await listens(port))) return port;
	}
	const port = await listens(0);
	if (!port) throw new Error('This machine gives out no free port.');
	return port;
}

/** The port, when a server could listen on it. */
async function listens(port: number): Promise<number | undefined> {
	return await new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(undefined));
		server.listen(port, '127.0.0.1', () => {
			const address = server.address();
			server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
		});
	});
}
