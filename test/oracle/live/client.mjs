/** Brings mail to the system under test: over SMTP, or with the sendmail command. */
import { spawn } from "node:child_process";
import net from "node:net";

/** How long a client waits for an answer; a daemon that dies at every connection gives none. */
const PATIENCE = 20_000;

/** One message, recognised later by its Message-ID. */
export function textOf(number, { headers = {}, body = "hello" } = {}) {
  const all = {
    From: "<sender@example.org>",
    To: "<user@example.test>",
    Subject: `message ${number}`,
    Date: "Mon, 01 Jan 2024 00:00:00 +0000",
    "Message-ID": `<live-${number}@example.org>`,
    ...headers,
  };
  return `${Object.entries(all)
    .map(([name, value]) => `${name}: ${value}`)
    .join("\r\n")}\r\n\r\n${body}`;
}

/**
 * @returns {Promise<{kind: "accepted" | "rejected" | "refused" | "silent", reply: string}>} what became of it at
 *   the door: accepted, answered with 4xx or 5xx, no connection, or no answer
 */
export function sendBySmtp({ host = "127.0.0.1", port = 25, local, from, recipients, text }) {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, localAddress: local });
    let connected = false;
    let settled = false;
    const settle = (kind, reply) => {
      if (settled) return;
      settled = true;
      socket.destroy();
      resolve({ kind, reply });
    };
    socket.setEncoding("latin1");
    socket.setTimeout(PATIENCE, () => settle("silent", "no answer in time"));
    socket.on("connect", () => {
      connected = true;
    });
    socket.on("error", ({ code }) => settle(connected ? "silent" : "refused", code));
    socket.on("close", () => settle("silent", "the connection was closed"));
    const commands = [
      "EHLO client.example.test",
      `MAIL FROM:<${from}>`,
      ...recipients.map((recipient) => `RCPT TO:<${recipient}>`),
      "DATA",
      `${text.replace(/^\./gm, "..")}\r\n.`,
    ];
    let step = 0;
    replies(socket, (reply) => {
      if (/^[45]/.test(reply)) return settle("rejected", reply);
      const next = commands[step++];
      if (next !== undefined) return socket.write(`${next}\r\n`);
      socket.end("QUIT\r\n");
      settle("accepted", reply);
    });
  });
}

/** Last lines of replies, one by one. */
function replies(socket, heard) {
  let buffer = "";
  socket.on("data", (chunk) => {
    buffer += chunk;
    for (let end = buffer.indexOf("\r\n"); end >= 0; end = buffer.indexOf("\r\n")) {
      const line = buffer.slice(0, end);
      buffer = buffer.slice(end + 2);
      if (line[3] !== "-") heard(line);
    }
  });
}

/** The sendmail command as an ordinary user runs it. */
export function sendBySendmail({ from, recipients, text }) {
  return new Promise((resolve) => {
    const child = spawn("/usr/sbin/sendmail", ["-i", "-f", from, "--", ...recipients], {
      uid: 65534,
      gid: 65534,
      env: { PATH: process.env.PATH },
      cwd: "/",
    });
    let said = "";
    child.stdout.on("data", (chunk) => {
      said += chunk;
    });
    child.stderr.on("data", (chunk) => {
      said += chunk;
    });
    child.on("close", (status) =>
      resolve({ kind: status === 0 ? "accepted" : "rejected", reply: said.trim() }),
    );
    child.stdin.on("error", () => {});
    child.stdin.end(text.replaceAll("\r\n", "\n"));
  });
}
