import { areConditions } from '../intent/condition';
import type { Json } from '../json';
import type { ParamType } from './pack';

/** True when a JSON value can be an argument of this type. */
export function isOfType(value: Json, type: ParamType): boolean {
  switch (type) {
    case 'source':
    case 'column':
      return typeof value === 'string' && value.trim() !== '';
    case 'text':
    case 'code':
      return typeof value === 'string';
    case 'question':
    case 'language':
    case 'format':
      return typeof value === 'string' && value.trim() !== '';
    case 'sources':
      return Array.isArray(value) && value.length > 0 && value.every((item: Json) => isOfType(item, 'source'));
    case 'duration':
      return typeof value === 'number' && value >= 0;
    case 'number':
      return typeof value === 'number';
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value);
    case 'url':
      return typeof value === 'string' && /^https?:\/\/\S+$/i.test(value);
    case 'date':
      return typeof value === 'string' && isDate(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'conditions':
      return areConditions(value);
    case 'list':
      return Array.isArray(value);
    case 'any':
      return true;
  }
}

function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return days !== undefined && day >= 1 && day <= days;
}

/** A value as an error message names it: its kind and, when short, itself. */
export function describe(value: Json | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value);
  return `the ${typeof value} ${text.length > 60 ? `${text.slice(0, 59)}…` : text}`;
}
