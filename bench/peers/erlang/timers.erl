%% 100,000 processes, each with a live timer of its own, which each sets anew N / 100,000 times.
-module(timers).
-export([run/2]).

-define(TIMERS, 100000).

run(random, N) -> rearm(N, fun some_time/2);
run(later, N) -> rearm(N, fun(_, Turn) -> 60000 + Turn end).

%% 30 to 60 s; a function, as each process would get a copy of a table.
some_time(K, Turn) -> 30000 + (K * 40503 + Turn * 7919) rem 30000.

rearm(N, Delay) ->
  {Me, Turns} = {self(), N div ?TIMERS},
  Owners = [spawn_link(fun() -> own(Me, K, Turns, Delay) end) || K <- lists:seq(1, ?TIMERS)],
  0 = bench:gather(?TIMERS, 0), % all are live
  bench:measure(Turns * ?TIMERS, fun() ->
    [Owner ! go || Owner <- Owners],
    bench:gather(?TIMERS, 0) =:= Turns * ?TIMERS
  end).

own(Parent, K, Turns, Delay) ->
  Timer = start(some_time(K, 0)),
  Parent ! 0,
  receive go -> Parent ! turn(1, Turns, Timer, K, Delay) end,
  receive stop -> ok end.

turn(Turn, Turns, _, _, _) when Turn > Turns -> Turns;
turn(Turn, Turns, Timer, K, Delay) ->
  true = is_integer(erlang:cancel_timer(Timer)), % it was live
  turn(Turn + 1, Turns, start(Delay(K, Turn)), K, Delay).

start(Time) -> erlang:start_timer(Time, self(), over).
