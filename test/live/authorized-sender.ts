import { ConnectionError, type Send } from '../../http/request';

/** Sends requests with this Authorization header, but for those that are to go without. */
export function authorizedSender(authorization: string): Send {
	return async (request) => {
		try {
			const response = await fetch(request.url, {
				method: request.method,
				headers: { ...request.headers, ...(request.anonymous ? {} : { Authorization: authorization }) },
				redirect: 'manual',
				...(request.body === undefined ? {} : { body: request.body }),
			});
			const answer = { status: response.status, headers: Object.fromEntries(response.headers) };
			if (request.binary && response.ok)
				return { ...answer, text: '', bytes: Buffer.from(await response.arrayBuffer()) };
			return { ...answer, text: await response.text() };
		} catch (error) {
			const cause = (error as { cause?: { code?: string; message?: string } }).cause;
			throw new ConnectionError(cause?.message ?? String(error), cause?.code);
		}
	};
}
