"use strict";
Object.defineProperty(exports, "__esModule", { value: true });
exports.canonicalJson = canonicalJson;
/**
 * One text for one value: object keys sorted by code unit, no white space, so that equal values have equal texts
 * whatever order their keys were written in (the idea of RFC 8785; numbers are written as JSON.stringify writes them).
 *
 * @throws {TypeError} for what JSON cannot hold (undefined inside arrays, functions, NaN, bigint)
 */
function canonicalJson(value) {
    if (value === null || typeof value === 'boolean' || typeof value === 'string')
        return JSON.stringify(value);
    if (typeof value === 'number') {
        if (!Number.isFinite(value))
            throw new TypeError(`canonicalJson: ${value} has no JSON form`);
        return JSON.stringify(value);
    }
    if (Array.isArray(value))
        return `[${value.map((item) => canonicalJson(item)).join(',')}]`;
    if (typeof value !== 'object')
        throw new TypeError(`canonicalJson: a ${typeof value} has no JSON form`);
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
}
