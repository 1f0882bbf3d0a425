import { addressHost, caseNumber } from '../../../nodes/GetTicketOrCase/case-number';

test.each([
	['12', '12'],
	['#12', '12'],
	[' 0012 ', '12'],
	['https://crm.example.com/case/view/12', '12'],
	['https://crm.example.com/admin/case/view/12?x=1', '12'],
	['https://crm.example.com/case/update/12#comments', '12'],
	['https://crm.example.com/api/cases/12', '12'],
	['https://crm.example.com/admin/api/cases/12?include=comments', '12'],
	['0', undefined],
	['twelve', undefined],
	['', undefined],
	['https://acme.zendesk.com/agent/tickets/12', undefined],
	['https://crm.example.com/contact/view/12', undefined],
])('%j → %j', (text, number) => {
	expect(caseNumber(text)).toBe(number);
});

test('the host with its port', () => {
	expect(addressHost('https://CRM.example.com:8443/case/view/1')).toBe('crm.example.com:8443');
	expect(addressHost('12')).toBeUndefined();
});
