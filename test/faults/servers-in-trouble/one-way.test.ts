import { everyTrouble } from './in-trouble';

everyTrouble('one-way');
