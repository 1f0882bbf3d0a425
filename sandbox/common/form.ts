import formbody from '@fastify/formbody';
import type { FastifyInstance, FastifyRequest } from 'fastify';

/** A file that a person picked in a form. */
export interface PickedFile {
	name: string;
	type: string;
	content: Buffer;
}

/** What a page's form sent. */
export interface SentForm {
	fields: Record<string, string>;
	/** From a field called `file`; missing when nothing was picked. */
	file?: PickedFile;
}

/** Both ways in which a browser sends a form. */
export async function acceptForms(app: FastifyInstance): Promise<void> {
	await app.register(formbody);
	app.addContentTypeParser(
		'multipart/form-data',
		{ parseAs: 'buffer' },
		async (request: FastifyRequest, body: Buffer) => {
			const type = String(request.headers['content-type']);
			return await new Response(body, { headers: { 'content-type': type } }).formData();
		},
	);
}

/** The form in a request; line breaks are single characters, whatever the browser makes of them. */
export async function formOf(request: FastifyRequest): Promise<SentForm> {
	const { body } = request;
	if (!(body instanceof FormData)) return { fields: cleaned(Object.entries((body ?? {}) as Record<string, string>)) };
	const texts = [...body].filter((entry): entry is [string, string] => typeof entry[1] === 'string');
	const file = body.get('file');
	const picked = file !== null && typeof file !== 'string' && file.name !== '' ? file : undefined;
	return {
		fields: cleaned(texts),
		...(picked
			? {
					file: {
						name: picked.name,
						type: picked.type || 'application/octet-stream',
						content: Buffer.from(await picked.arrayBuffer()),
					},
				}
			: {}),
	};
}

function cleaned(fields: Array<[string, string]>): Record<string, string> {
	return Object.fromEntries(fields.map(([name, value]) => [name, value.replace(/\r\n?/g, '\n')]));
}
