import { insteadOfData, whoMayAnswer } from '../../../http/instead-of-data';

test.each([
	['', 'answered with nothing'],
	[' \n', 'answered with nothing'],
	['<!DOCTYPE html><html><head><title>\n Maintenance \n in progress</title></head></html>', 'answered with a web page instead of data ("Maintenance in progress")'],
	['<html><body>Please log in</body></html>', 'answered with a web page instead of data'],
	['<?xml version="1.0"?><html xmlns="x"><title>Proxy</title></html>', 'answered with a web page instead of data ("Proxy")'],
	['{"tickets":[{"id":1,"sub', 'the answer ended in the middle'],
	['[1,2', 'the answer ended in the middle'],
	['upstream connect error', 'answered with something that is no JSON'],
])('%j', (text, words) => {
	expect(insteadOfData(text)).toBe(words);
});

test('the address is named without what was asked', () => {
	expect(whoMayAnswer('https://crm.example.com/api/cases?filter[subject]=secret')).toMatch(/^At https:\/\/crm\.example\.com something else/);
});
