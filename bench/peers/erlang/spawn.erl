%% Processes that live for one message.
-module(spawn).
-export([run/2]).

run(alive, N) ->
  alive(N div 10),
  bench:measure(N, fun() -> alive(N) =:= bench:sum(N) end);
run(sequence, N) ->
  sequence(N div 10, 0),
  bench:measure(N, fun() -> sequence(N, 0) =:= bench:sum(N) end).

%% Makes N processes, then feeds each one message, and waits for all.
alive(N) ->
  Processes = [one() || _ <- lists:seq(1, N)],
  lists:foldl(fun(P, I) -> P ! I, I + 1 end, 1, Processes),
  bench:gather(N, 0).

%% Makes a process, feeds it, and waits for its answer, N times.
sequence(0, Total) -> Total;
sequence(N, Total) ->
  one() ! N,
  receive M -> sequence(N - 1, Total + M) end.

one() ->
  Parent = self(),
  spawn(fun() -> receive M -> Parent ! M end end).
