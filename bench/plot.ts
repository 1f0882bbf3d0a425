import { html, type Markup } from '../sandbox/common/html';
import { nameOf, type Result } from './scenarios';

/** The same escaping as for pages; under its own name Prettier would lay it out as HTML. */
const svg = html;

const WIDTH = 760;
const HEIGHT = 400;
const LEFT = 150;
const BAR = 20;
const TOP = 56;
const COLOURS: Record<string, string> = {
	[nameOf('one-way-sync')]: '#2a6f97',
	[nameOf('one-way-sync', true)]: '#6ab0d6',
	[nameOf('by-hand')]: '#d08c3f',
};
const SIDES = Object.keys(COLOURS).length;

/** Bars of the requests that the template and the workflow by hand made in each scenario, as an SVG image. Undefined without results for it. */
export function requestsPlot(results: readonly Result[]): string | undefined {
	const shown = results.filter(({ part }) => part === 'one-way');
	const scenarios = [...new Set(shown.map(({ scenario }) => scenario))];
	if (scenarios.length === 0) return undefined;
	const most = Math.max(1, ...shown.map(({ requests }) => requests));
	const room = WIDTH - LEFT - 90;
	const bars: Markup[] = scenarios.flatMap((scenario, row) => {
		const y = TOP + row * (BAR * SIDES + 22);
		const all = shown.filter((result) => result.scenario === scenario);
		return [
			svg`<text x="${LEFT - 12}" y="${y + (BAR * SIDES) / 2 + 2}" text-anchor="end">${scenario}</text>`,
			...all.map(({ side, requests }, index) => {
				const length = Math.max(1, (requests / most) * room);
				const top = y + index * BAR;
				return svg`<rect x="${LEFT}" y="${top}" width="${length.toFixed(1)}" height="${BAR - 3}" fill="${COLOURS[side]}"/><text x="${(LEFT + length + 6).toFixed(1)}" y="${top + 14}">${requests}</text>`;
			}),
		];
	});
	const legend = Object.entries(COLOURS).map(
		([side, colour], index) =>
			svg`<rect x="${LEFT + index * 200}" y="30" width="12" height="12" fill="${colour}"/><text x="${LEFT + index * 200 + 18}" y="41">${side}</text>`,
	);
	return `${
		svg`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="13"><rect width="100%" height="100%" fill="#fff"/><g fill="#222"><text x="${LEFT}" y="20" font-weight="600">Requests to Zendesk and OroCRM</text>${legend}${bars}</g></svg>`
			.value
	}\n`;
}
