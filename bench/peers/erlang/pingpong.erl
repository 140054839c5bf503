%% Two processes pass one number to and fro, counting up, until it is N (even).
-module(pingpong).
-export([run/2]).

run(ints, N) ->
  rally(N div 10 * 2),
  bench:measure(N, fun() -> rally(N) =:= N end).

rally(N) ->
  Me = self(),
  Other = spawn_link(fun() -> pong(Me) end),
  Last = ping(0, N, Other),
  Other ! done,
  Last.

ping(N, N, _) -> N;
ping(I, N, Other) ->
  Other ! I + 1,
  receive Answer -> ping(Answer, N, Other) end.

pong(Other) ->
  receive
    done -> ok;
    I -> Other ! I + 1, pong(Other)
  end.
