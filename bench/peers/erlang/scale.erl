%% A chain of 1,000 relays, N messages; alone, or among 100,000 processes that are idle.
-module(scale).
-export([run/2]).

run(alone, N) ->
  relay:chain(1000, N div 10),
  bench:measure(1001 * N, fun() -> relay:chain(1000, N) =:= bench:sum(N) end);
run(among, N) ->
  idle:processes(100000),
  run(alone, N).
