%% Processes that wait for a message that does not come.
-module(idle).
-export([run/2, processes/1]).

run(rss, N) ->
  processes(100),
  {Before, Start} = {bench:rss(), bench:cpu()},
  Processes = processes(N),
  {Spent, After} = {bench:cpu() - Start, bench:rss()},
  true = lists:all(fun is_process_alive/1, Processes),
  bench:result(Spent, N, io_lib:format(" rss=~b", [After - Before])).

processes(N) -> [spawn(fun wait/0) || _ <- lists:seq(1, N)].

wait() -> receive _ -> wait() end.
