// broadcast.js PORT: what one peer says goes to all, by Node's ws, as its documentation has it.
const { WebSocketServer } = require("ws")
const server = new WebSocketServer({ port: Number(process.argv[2]), host: "127.0.0.1", perMessageDeflate: false })
server.on("connection", (socket) => {
  socket.on("message", (data, isBinary) => {
    for (const client of server.clients) client.send(data, { binary: isBinary })
  })
})
