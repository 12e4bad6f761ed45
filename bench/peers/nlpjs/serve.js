// nlp.js as its quick start sets it up, in French; reads one JSON request a line and answers one JSON line.
//   {"verb": "train", "sentences": [[text, label]], "answers": {label: text}, "model": file} -> {"saved": true}
//   {"verb": "load", "model": file}                                                          -> {"ready": true}
//   {"verb": "say", "text": text, "conversation": name}                  -> {"label", "score", "ms", "cpu_ms"}
//   {"verb": "saturate", "talks": [[text]]}                              -> {"seconds": time for all the turns}
// Every answer has resident_mb. Milliseconds are those of `process`, without the pipe.
const readline = require('readline');
const { dockStart } = require('@nlpjs/basic');

const LANGUAGE = 'fr';
let nlp;

async function start() {
  // Threshold, features and training are the defaults; log off, as standard output carries the answers.
  const settings = { nlp: { languages: [LANGUAGE], autoSave: false, autoLoad: false, nlu: { log: false } } };
  const dock = await dockStart({ settings, use: ['Basic', 'LangFr'] });
  nlp = dock.get('nlp');
}

async function train({ sentences, answers, model }) {
  for (const [text, label] of sentences) nlp.addDocument(LANGUAGE, text, label);
  for (const [label, text] of Object.entries(answers)) nlp.addAnswer(LANGUAGE, label, text);
  await nlp.train();
  await nlp.save(model);
  return { saved: true };
}

async function load({ model }) {
  await nlp.load(model);
  return { ready: true };
}

function understand(text, conversation) {
  return nlp.process(LANGUAGE, text, undefined, { conversationId: conversation });
}

async function say({ text, conversation }) {
  const cpu = process.cpuUsage();
  const started = process.hrtime.bigint();
  const { intent, score } = await understand(text, conversation);
  const ms = Number(process.hrtime.bigint() - started) / 1e6;
  const { user, system } = process.cpuUsage(cpu);
  return { label: intent, score, ms, cpu_ms: (user + system) / 1000 };
}

async function saturate({ talks }) {
  const started = process.hrtime.bigint();
  await Promise.all(
    talks.map(async (texts, i) => {
      for (const text of texts) await understand(text, `saturate-${talks.length}-${i}`);
    }),
  );
  return { seconds: Number(process.hrtime.bigint() - started) / 1e9 };
}

async function main() {
  await start();
  const verbs = { train, load, say, saturate };
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { verb, ...request } = JSON.parse(line);
    const answer = await verbs[verb](request);
    answer.resident_mb = process.memoryUsage().rss / 1048576;
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
}

main();
