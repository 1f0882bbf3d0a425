import { ConnectionError } from '../../../http/request';
import type { HttpRequest, HttpResponse, Send } from '../../../http/request';

type Answer = Partial<HttpResponse> | { json: unknown; status?: number; headers?: Record<string, string> } | Error;

/** Gives the listed answers one after the other, and keeps what was asked. */
export class FakeServer {
	readonly asked: HttpRequest[] = [];
	private readonly answers: Answer[];

	constructor(...answers: Answer[]) {
		this.answers = answers;
	}

	readonly send: Send = async (request) => {
		this.asked.push(request);
		const answer = this.answers.shift();
		if (!answer) throw new Error(`Nothing is left to answer ${request.method} ${request.url} with.`);
		if (answer instanceof Error) throw answer;
		const text = 'json' in answer ? JSON.stringify(answer.json) : (answer.text ?? '');
		return { status: answer.status ?? 200, headers: answer.headers ?? {}, text };
	};
}

export const refused = () => new ConnectionError('the server refused the connection', 'ECONNREFUSED');
export const cut = () => new ConnectionError('the connection was cut', 'ECONNRESET');
