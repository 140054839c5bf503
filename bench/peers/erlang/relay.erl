%% A source, relays in a row, a sink. Plain: mailboxes without bound. Otherwise at most 256 messages
%% are on their way, so that no mailbox holds more: the sink acknowledges each 128 to the source.
-module(relay).
-export([run/2, chain/2]).

-define(WINDOW, 256).
-define(BATCH, 128).

run(ints, N) -> time(N, fun window/2, ints(N));
run(ints_plain, N) -> time(N, fun plain/2, ints(N));
run(strings, N) -> time(N, fun window/2, strings(N));
run(strings_plain, N) -> time(N, fun plain/2, strings(N));
run(tables, N) -> time(N, fun window/2, tables(N));
run(tables_plain, N) -> time(N, fun plain/2, tables(N)).

%% How message I is made, what a message is worth, what N of them are worth.
ints(N) -> {fun(I) -> I end, fun(I) -> I end, bench:sum(N)}.
tables(N) -> {fun(I) -> {I} end, fun({I}) -> I end, bench:sum(N)}.
strings(N) ->
  Words = list_to_tuple([list_to_binary(io_lib:format("~16..0b", [I])) || I <- lists:seq(0, 255)]),
  {fun(I) -> element(I band 255 + 1, Words) end, fun byte_size/1, 16 * N}.

time(N, Kind, {Message, Value, Want}) ->
  Run = fun(Count) -> Kind({Count, Message}, {relays(10, self()), Value}) end,
  Run(N div 10),
  bench:measure(11 * N, fun() -> Run(N) =:= Want end).

%% N integers through Depth relays.
chain(Depth, N) -> window({N, fun(I) -> I end}, {relays(Depth, self()), fun(I) -> I end}).

plain({N, Message}, {First, Value}) ->
  spawn_link(fun() -> send(1, N, Message, First) end),
  add(Value, 0).

window({N, Message}, {First, Value}) ->
  Source = spawn_link(fun() -> send(1, N, Message, First, ?WINDOW) end),
  add(Value, 0, Source, ?BATCH).

relays(0, Next) -> Next;
relays(Depth, Next) -> relays(Depth - 1, spawn_link(fun() -> pass(Next) end)).

pass(Next) ->
  receive
    done -> Next ! done;
    M -> Next ! M, pass(Next)
  end.

send(I, N, _, First) when I > N -> First ! done;
send(I, N, Message, First) -> First ! Message(I), send(I + 1, N, Message, First).

add(Value, Total) ->
  receive
    done -> Total;
    M -> add(Value, Total + Value(M))
  end.

send(I, N, _, First, _) when I > N -> First ! done;
send(I, N, Message, First, 0) ->
  receive more -> send(I, N, Message, First, ?BATCH) end;
send(I, N, Message, First, Credit) ->
  First ! Message(I),
  send(I + 1, N, Message, First, Credit - 1).

add(Value, Total, Source, 0) -> Source ! more, add(Value, Total, Source, ?BATCH);
add(Value, Total, Source, Left) ->
  receive
    done -> Total;
    M -> add(Value, Total + Value(M), Source, Left - 1)
  end.
