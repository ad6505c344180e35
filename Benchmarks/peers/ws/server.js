// A peer of scripts/compare: the broadcast server of the README of `ws`. What waits for a slow
// client is kept in memory without a limit, because that is what `send` does.
"use strict";

const http = require("http");
const { WebSocket, WebSocketServer } = require("ws");

const server = http.createServer();
const sockets = new WebSocketServer({ server, path: "/ws" });

sockets.on("connection", (socket) => {
  socket.on("error", console.error);
  socket.on("message", (data, isBinary) => {
    for (const client of sockets.clients) {
      if (client.readyState === WebSocket.OPEN) client.send(data, { binary: isBinary });
    }
  });
});

// A backlog as long as the kernel allows, as the other servers have it.
server.listen({ host: "127.0.0.1", port: 0, backlog: 65535 }, () => {
  console.log(server.address().port);
});
