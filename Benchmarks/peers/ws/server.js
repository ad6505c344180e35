// A peer of scripts/compare: the broadcast server from the README of `ws`. Bytes for a slow client
// are kept in memory without a limit, as `send` does.
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

// The largest backlog that the kernel allows, as in the other servers.
server.listen({ host: "127.0.0.1", port: 0, backlog: 65535 }, () => {
  console.log(server.address().port);
});
