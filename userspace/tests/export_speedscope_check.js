// SPDX-License-Identifier: GPL-2.0
/* export_speedscope_check.js FILE [OPTION...]: one of speedscope, by its schema and by report. */
"use strict";
const fs = require("fs");
const Ajv = require("ajv");
const { end, is, same } = require("./export_sums.js");

const [name, ...options] = process.argv.slice(2);
const file = JSON.parse(fs.readFileSync(name, "utf8"));
const schema = JSON.parse(fs.readFileSync(process.env.SCHEMA, "utf8"));
const ajv = new Ajv({ strict: false });

is(`${name}: speedscope's schema`, ajv.validate(schema, file) || ajv.errors, true);

const names = file.shared.frames.map(frame => frame.name);
const sum = numbers => numbers.reduce((a, b) => a + b, 0);

is(`${name}: frames are there`, file.profiles.every(p => p.samples.every(s => s.every(i => i in names))), true);
is(`${name}: weights are whole`,
   file.profiles.filter(p => sum(p.weights) !== p.endValue || p.weights.length !== p.samples.length), []);

const events = file.profiles.filter(p => !/: .*\d+\/\d+$/.test(p.name));

for (const all of events) {
	const threads = file.profiles.filter(p => p !== all && p.name.startsWith(all.name + ": "));

	/* The name of the thread stands below the outermost function. */
	same(name, all.name, all.samples.map((s, i) => [s.slice(1).map(f => names[f]), all.weights[i]]), options);
	same(`${name}, threads`, all.name,
	     threads.flatMap(p => p.samples.map((s, i) => [s.map(f => names[f]), p.weights[i]])), options);
}
is(`${name}: there are events`, events.length > 0, true);
end();
