/**
 * Which folder may import from which: the arrows between the package's parts go one way (docs/architecture.md).
 * `may`: code and types; `mayTypes`: types only, which leave nothing behind in the compiled code.
 */
const directions = {
	credentials: { may: [] },
	nodes: { may: ['pipeline', 'zendesk', 'orocrm', 'sync', 'http'] },
	pipeline: { may: ['zendesk', 'orocrm', 'sync', 'http'] },
	zendesk: { may: ['http'] },
	orocrm: { may: ['http'] },
	sync: { may: [], mayTypes: ['zendesk', 'orocrm'] },
	http: { may: [] },
};

const development = ['sandbox', 'test', 'bench', 'scripts'];
const folders = [...Object.keys(directions), ...development];

const fromFolders = (names) => `^(\\.{1,2}/)*\\.\\./(${names.join('|')})(/|$)`;

/** ESLint configurations, one a folder. */
export const importDirections = Object.entries(directions).map(([folder, { may, mayTypes = [] }]) => {
	const never = folders.filter((other) => ![folder, ...may, ...mayTypes].includes(other));
	return {
		files: [`${folder}/**/*.ts`],
		rules: {
			'@typescript-eslint/no-restricted-imports': [
				'error',
				{
					patterns: [
						{ regex: fromFolders(never), message: `${folder}/ imports ${listed(folder, may, mayTypes)}.` },
						...(mayTypes.length > 0
							? [
									{
										regex: fromFolders(mayTypes),
										allowTypeImports: true,
										message: `${folder}/ imports only types from ${mayTypes.join(' and ')}.`,
									},
								]
							: []),
					],
				},
			],
		},
	};
});

function listed(folder, may, mayTypes) {
	const own = `only its own files${may.length > 0 ? ` and ${may.join(', ')}` : ''}`;
	return mayTypes.length > 0 ? `${own}, and types from ${mayTypes.join(' and ')}` : own;
}
