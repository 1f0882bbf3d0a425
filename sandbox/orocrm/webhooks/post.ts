import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

const TIMEOUT_MS = 30_000;

/** Sends one message; returns the status, or 0 when there was no answer. Redirects are not followed (orocrm-api.md §5). */
export async function post(
	url: string,
	headers: Record<string, string>,
	body: string,
	verifySsl: boolean,
): Promise<number> {
	const target = new URL(url);
	const secure = target.protocol === 'https:';
	const send = secure ? httpsRequest : httpRequest;
	return await new Promise((resolve) => {
		const outgoing = send(
			target,
			{
				method: 'POST',
				timeout: TIMEOUT_MS,
				headers: {
					...headers,
					Accept: '*/*',
					'User-Agent': 'Symfony HttpClient (Curl)',
					'Content-Length': String(Buffer.byteLength(body)),
				},
				...(secure ? { rejectUnauthorized: verifySsl } : {}),
			},
			(response) => {
				response.resume();
				resolve(response.statusCode ?? 0);
			},
		);
		outgoing.on('timeout', () => outgoing.destroy());
		outgoing.on('error', () => resolve(0));
		outgoing.end(body);
	});
}
