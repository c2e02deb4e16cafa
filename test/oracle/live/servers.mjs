/** The other ends of a mail system under test: where mail is delivered, foreign filters, milters, policy services. */
import { chmodSync } from "node:fs";
import net from "node:net";
import { sendBySmtp } from "./client.mjs";

/** Written into what a filter of the tests passes on, once a pass. */
const MARK = "X-Passed-Filter";

/**
 * @param {{kind: string, listen: [string, number] | string}} server
 * @param {(mail: object) => void} received told about every message that a sink takes
 */
export function startServer(server, received) {
  switch (server.kind) {
    case "smtp":
    case "lmtp":
      return listen(server, (socket) => mailSession(socket, server, sink(server, received)));
    case "filter":
      return listen(server, (socket) => mailSession(socket, server, passOn(server)));
    case "milter":
      return listen(server, (socket) => milterSession(socket, server));
    case "policy":
      return listen(server, (socket) => policySession(socket, server));
    default:
      throw new Error(`no server of kind ${server.kind}`);
  }
}

function listen({ listen: where }, session) {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => {
      socket.on("error", () => {});
      session(socket);
    });
    server.on("error", reject);
    if (typeof where === "string")
      server.listen(where, () => {
        chmodSync(where, 0o666);
        resolve(server);
      });
    else server.listen(where[1], where[0], () => resolve(server));
  });
}

function sink(server, received) {
  const at = typeof server.listen === "string" ? server.listen : `[${server.listen[0]}]:${server.listen[1]}`;
  return async (mail) => {
    if (server.reply) return server.reply;
    received({ ...mail, at });
    return "250 2.0.0 Ok: taken";
  };
}

/** A filter that looks at nothing: it takes a message, hands it on and answers with what it was told. */
function passOn({ forward: [host, port], name = "plain" }) {
  return async ({ from, recipients, text }) => {
    const { kind, reply } = await sendBySmtp({
      host,
      port,
      from,
      recipients,
      text: `${MARK}: ${name}\r\n${text}`,
    });
    if (kind === "accepted") return "250 2.0.0 Ok: passed on";
    return kind === "rejected" ? reply : `451 4.4.1 cannot pass it on: ${reply}`;
  };
}

/** SMTP or LMTP, as much as a delivery needs. */
function mailSession(socket, { kind, greeting = "sink" }, take) {
  let buffer = "";
  let data;
  let from = "";
  let recipients = [];
  const say = (line) => socket.writable && socket.write(`${line}\r\n`);
  const finished = async () => {
    const mail = { from, recipients, text: data.join("\r\n") };
    const replies = kind === "lmtp" ? recipients.length : 1;
    data = undefined;
    recipients = [];
    const reply = await take(mail);
    for (let index = 0; index < replies; index++) say(reply);
  };
  const command = (line) => {
    switch (line.slice(0, 4).toUpperCase()) {
      case "EHLO":
      case "LHLO":
        return say(`250-${greeting}\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES`);
      case "MAIL":
        from = /<([^>]*)>/.exec(line)?.[1] ?? "";
        return say("250 2.1.0 Ok");
      case "RCPT":
        recipients.push(/<([^>]*)>/.exec(line)?.[1] ?? "");
        return say("250 2.1.5 Ok");
      case "DATA":
        data = [];
        return say("354 go ahead");
      case "QUIT":
        say("221 2.0.0 Bye");
        return socket.end();
      case "HELO":
      case "RSET":
      case "NOOP":
        return say("250 2.0.0 Ok");
      default:
        return say("502 5.5.2 not implemented");
    }
  };
  let chain = Promise.resolve();
  const line = async (text) => {
    if (data === undefined) return command(text);
    if (text === ".") return finished();
    data.push(text.startsWith("..") ? text.slice(1) : text);
  };
  socket.setEncoding("latin1");
  socket.on("data", (chunk) => {
    buffer += chunk;
    for (let end = buffer.indexOf("\r\n"); end >= 0; end = buffer.indexOf("\r\n")) {
      const text = buffer.slice(0, end);
      buffer = buffer.slice(end + 2);
      chain = chain.then(() => line(text));
    }
  });
  say(`220 ${greeting} ESMTP`);
}

/** The filter's side of the milter protocol (libmilter): negotiation, then one answer an event. */
function milterSession(socket, { answer = "accept", name = "plain" }) {
  let buffer = Buffer.alloc(0);
  const reply = (code, body = Buffer.alloc(0)) => {
    const head = Buffer.alloc(5);
    head.writeUInt32BE(body.length + 1);
    head.write(code, 4, "latin1");
    socket.write(Buffer.concat([head, body]));
  };
  const refusal = { reject: "550 5.7.1 the milter says no", tempfail: "451 4.7.1 the milter says later" };
  const event = (code) => {
    switch (code) {
      case "O": {
        const words = Buffer.alloc(12);
        words.writeUInt32BE(6, 0); // version
        words.writeUInt32BE(1, 4); // adds headers
        return reply("O", words);
      }
      case "D": // macros
      case "A": // abort
      case "K":
        return;
      case "Q":
        return socket.end();
      case "R":
        return refusal[answer] ? reply("y", Buffer.from(`${refusal[answer]}\0`)) : reply("c");
      case "E":
        if (answer === "header") reply("h", Buffer.from(`X-Milter\0${name}\0`));
        return reply("c");
      default:
        return reply("c");
    }
  };
  socket.on("data", (chunk) => {
    buffer = Buffer.concat([buffer, chunk]);
    while (buffer.length >= 5 && buffer.length >= 4 + buffer.readUInt32BE(0)) {
      const length = buffer.readUInt32BE(0);
      event(String.fromCharCode(buffer[4]));
      buffer = buffer.subarray(4 + length);
    }
  });
}

/** SMTPD_POLICY_README: attributes, an empty line, one action. */
function policySession(socket, { answer = "dunno" }) {
  let buffer = "";
  socket.setEncoding("latin1");
  socket.on("data", (chunk) => {
    buffer += chunk;
    for (let end = buffer.indexOf("\n\n"); end >= 0; end = buffer.indexOf("\n\n")) {
      buffer = buffer.slice(end + 2);
      socket.write(`action=${answer}\n\n`);
    }
  });
}
