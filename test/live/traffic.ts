import { ConnectionError, type HttpRequest, type Send } from '../../http/request';

/** A request of the pipeline to Zendesk, as it went out. */
export interface SentToZendesk {
	method: string;
	/** Below `/api/v2/`, without its query. */
	path: string;
	headers: Record<string, string>;
	/** Parsed; undefined for files and for what has no body. */
	body: Record<string, unknown> | undefined;
}

type System = 'Zendesk' | 'OroCRM';

/** What happens around the next request of this kind; later ones go through. */
interface Incident {
	system: System;
	method: HttpRequest['method'];
	path: RegExp;
	before?: () => Promise<void>;
	/** `dies`: the server did it, and the process is gone. `loses`: only the answer is. */
	then?: 'dies' | 'loses';
}

/** More than any scenario needs: a sync that doesn't come to rest must not fill an account with tickets and comments. */
const MOST_WRITES = 60;

/** The process that ran the pipeline is gone. */
export class ProcessGone extends Error {
	constructor() {
		super('The process is gone.');
	}
}

/** Stands between the pipeline and both servers: notes what goes to Zendesk, and can end the process at a chosen request. */
export class Traffic {
	readonly toZendesk: SentToZendesk[] = [];
	private readonly incidents: Incident[] = [];
	private gone = false;

	on(incident: Incident): void {
		this.incidents.push(incident);
	}

	/** A new process takes over. */
	restart(): void {
		this.gone = false;
		this.incidents.length = 0;
	}

	readonly wrapZendesk = (send: Send): Send => this.wrap('Zendesk', send);
	readonly wrapOro = (send: Send): Send => this.wrap('OroCRM', send);

	private wrap(system: System, send: Send): Send {
		return async (request) => {
			if (this.gone) throw new ProcessGone();
			const { pathname } = new URL(request.url);
			const incident = this.take(system, request.method, pathname);
			await incident?.before?.();
			if (system === 'Zendesk') this.note(request, pathname);
			if (this.toZendesk.filter((sent) => sent.method !== 'GET').length > MOST_WRITES) {
				throw new Error(`The sync doesn’t come to rest: more than ${MOST_WRITES} writes to Zendesk in one scenario.`);
			}
			const answer = await send(request);
			if (incident?.then === 'dies') this.gone = true;
			if (this.gone) throw new ProcessGone();
			if (incident?.then === 'loses') throw new ConnectionError('the connection was cut', 'ECONNRESET');
			return answer;
		};
	}

	private take(system: System, method: string, path: string): Incident | undefined {
		const index = this.incidents.findIndex(
			(one) => one.system === system && one.method === method && one.path.test(path),
		);
		return index < 0 ? undefined : this.incidents.splice(index, 1)[0];
	}

	private note({ method, headers, body }: HttpRequest, pathname: string): void {
		this.toZendesk.push({
			method,
			path: pathname.replace(/^\/api\/v2\//, ''),
			headers,
			body: typeof body === 'string' ? (JSON.parse(body) as Record<string, unknown>) : undefined,
		});
	}
}
