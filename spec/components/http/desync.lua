-- What is no HTTP/1.1 that two readers would take for the same: each case is bytes, and the status that we answer
-- with.
local function get(headers) return "GET / HTTP/1.1\r\n" .. headers .. "\r\n" end
local long = ("x"):rep(9000)

return {
  ["no Host"] = { get "", 400 },
  ["two Hosts"] = { get "Host: a\r\nHost: b\r\n", 400 },
  ["a bare line feed"] = { "GET / HTTP/1.1\nHost: a\n\n", 400 },
  ["a bare line feed in the headers"] = { get "Host: a\nX: y\r\n", 400 },
  ["a bare carriage return"] = { get "Host: a\rX: y\r\n", 400 },
  ["a folded header"] = { get "Host: a\r\nX: y\r\n z\r\n", 400 },
  ["a blank before the first header"] = { get " Host: a\r\n", 400 },
  ["a blank before the colon"] = { get "Host : a\r\n", 400 },
  ["a zero byte"] = { get "Host: a\r\nX: \0\r\n", 400 },
  ["a header without a name"] = { get "Host: a\r\n: x\r\n", 400 },
  ["a header without a colon"] = { get "Host: a\r\nx\r\n", 400 },
  ["Content-Length and Transfer-Encoding"] = {
    get "Host: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n" .. "0\r\n\r\n", 400 },
  ["Transfer-Encoding and Content-Length"] = {
    get "Host: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n" .. "0\r\n\r\n", 400 },
  ["two Content-Lengths"] = { get "Host: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n" .. "x", 400 },
  ["a list of Content-Lengths"] = { get "Host: a\r\nContent-Length: 1, 1\r\n" .. "x", 400 },
  ["a negative Content-Length"] = { get "Host: a\r\nContent-Length: -1\r\n", 400 },
  ["a Content-Length with a sign"] = { get "Host: a\r\nContent-Length: +1\r\n" .. "x", 400 },
  ["a hexadecimal Content-Length"] = { get "Host: a\r\nContent-Length: 0x1\r\n" .. "x", 400 },
  ["a Content-Length over 2^64"] = { get "Host: a\r\nContent-Length: 18446744073709551617\r\n" .. "x", 400 },
  ["an unknown Transfer-Encoding"] = { get "Host: a\r\nTransfer-Encoding: xchunked\r\n" .. "0\r\n\r\n", 400 },
  ["chunked not last"] = { get "Host: a\r\nTransfer-Encoding: chunked, identity\r\n" .. "0\r\n\r\n", 400 },
  ["two Transfer-Encodings"] = {
    get "Host: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n" .. "0\r\n\r\n", 400 },
  ["Transfer-Encoding in HTTP/1.0"] = { "GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400 },
  ["a chunk of 0x5"] = { get "Host: a\r\nTransfer-Encoding: chunked\r\n" .. "0x5\r\nhello\r\n0\r\n\r\n", 400 },
  ["a chunk of +5"] = { get "Host: a\r\nTransfer-Encoding: chunked\r\n" .. "+5\r\nhello\r\n0\r\n\r\n", 400 },
  ["a chunk of 5_"] = { get "Host: a\r\nTransfer-Encoding: chunked\r\n" .. "5_\r\nhello\r\n0\r\n\r\n", 400 },
  ["a chunk over 2^64"] = {
    get "Host: a\r\nTransfer-Encoding: chunked\r\n" .. "10000000000000005\r\nhello\r\n0\r\n\r\n", 400 },
  ["a chunk ended by a line feed"] = {
    get "Host: a\r\nTransfer-Encoding: chunked\r\n" .. "5\nhello\r\n0\r\n\r\n", 400 },
  ["a chunk longer than it says"] = {
    get "Host: a\r\nTransfer-Encoding: chunked\r\n" .. "5\r\nhello!\r\n0\r\n\r\n", 400 },
  ["an endless chunk extension"] = {
    get "Host: a\r\nTransfer-Encoding: chunked\r\n" .. "5;" .. long .. "\r\nhello\r\n0\r\n\r\n", 400 },
  ["a long target"] = { "GET /" .. long .. " HTTP/1.1\r\nHost: a\r\n\r\n", 414 },
  ["a long header"] = { get("Host: a\r\nX: " .. long .. "\r\n"), 431 },
  ["many headers"] = { get("Host: a\r\n" .. ("X: y\r\n"):rep(101)), 431 },
  ["long headers"] = { get("Host: a\r\n" .. ("X: " .. ("y"):rep(8000) .. "\r\n"):rep(5)), 431 },
  ["a long body"] = { get "Host: a\r\nContent-Length: 1048577\r\n", 413 },
  ["a long chunked body"] = {
    get "Host: a\r\nTransfer-Encoding: chunked\r\n" .. "200000\r\n" .. ("x"):rep(1100000), 413 },
  ["a way out of the root"] = { "GET /../a HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
  ["a hidden way out of the root"] = { "GET /a/%2e%2e/%2e./a HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
  ["a zero byte in the path"] = { "GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
  ["a broken escape"] = { "GET /a%4 HTTP/1.1\r\nHost: a\r\n\r\n", 400 },
  ["CONNECT"] = { "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n", 501 },
  ["another version"] = { "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505 },
  ["another expectation"] = { get "Host: a\r\nExpect: tea\r\n", 417 },
  ["no HTTP at all"] = { "\22\3\1\0\200\1\0\0", 400 },
}
