%% main(ROW, VARIANT, COUNT) runs one row in Erlang and prints its RESULT line.
-module(bench).
-export([main/1, measure/2, result/3, cpu/0, rss/0, sum/1, gather/2]).

main([Row, Variant, Count]) ->
  Module = list_to_atom(Row),
  {_, Runner} = spawn_monitor(fun() ->
    Module:run(list_to_atom(Variant), list_to_integer(Count))
  end),
  receive
    {'DOWN', Runner, _, _, normal} -> halt(0);
    {'DOWN', Runner, _, _, Why} -> io:format("~p~n", [Why]), halt(1)
  end.

%% Prints the CPU time that Work takes; Work says whether its result is right.
measure(Ops, Work) ->
  Start = cpu(),
  true = Work(),
  result(cpu() - Start, Ops, "").

result(Spent, Ops, More) ->
  io:format("RESULT cpu_ns=~b ops=~b~s~n", [Spent, Ops, More]).

%% The time in ns that all threads of the process took, user and system, to 1 ms.
cpu() ->
  {Milliseconds, _} = statistics(runtime),
  Milliseconds * 1000000.

rss() ->
  {ok, Statm} = file:read_file("/proc/self/statm"),
  [_, Pages | _] = string:lexemes(Statm, " "),
  binary_to_integer(Pages) * 4096.

%% Sum of 1 to N.
sum(N) -> N * (N + 1) div 2.

%% Adds up N numbers that come as messages.
gather(0, Total) -> Total;
gather(N, Total) -> receive Number -> gather(N - 1, Total + Number) end.
