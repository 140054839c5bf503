-- names: what Kamaelia's components are called here, and why some are not here.
--
-- The table is text, a line for each name or list of names:
--
--     Name = target: hint        called kam.target here
--     soon: Name …               comes with this part of the library, under its own name
--     later FAMILY: Name …       comes with that family
--     never REASON: Name …       is not offered
--
-- Lines that begin with a space go on. A name that is the same here needs no line.

local names = {}

names.text = [[
PAR = Par
pipeline = Pipeline
graphline = Graphline
carousel = Carousel
seq = Seq
InboxControlledCarousel = Carousel: makers are asked for in its inbox next; link to that
JoinChooserToCarousel = Carousel: link "LIST -> PLAYER.next" and "PLAYER.requestNext -> LIST"
Fanout = Split: kam.Split { "a", "b" } has outboxes of these names
fanout = Split
Splitter = Split: its receivers come and go
PlugSplitter = Split: its receivers come and go
Plug = SubscribeTo
TwoWaySplitter = Tee: its second outbox is copy
publishTo = PublishTo
subscribeTo = SubscribeTo
SimpleServer = ServerCore
FastRestartServer = ServerCore
nullSinkComponent = NullSink
nullSink = NullSink
Sink = NullSink
CheapAndCheerfulClock = PeriodicTick
Clock = PeriodicTick
PeriodicWakeup = PeriodicTick
SingleTick = PeriodicTick: with count = 1
Pauser = Delay
ResettableSender = Timeout: with msg, which it sends when nothing comes
ActivityMonitor = Tee: its outbox copy tells of each message
Chunkifier = Chunker
MessageRateLimit = RateLimit: kam.RateLimit { messages = 10, burst = 30 }
ByteRate_RequestControl = RateLimit: kam.RateLimit { bytes = 65536 } behind a kam.FileReader
VariableByteRate_RequestControl = RateLimit: c:set { bytes = 1000 } changes its rate
OnDemandLimit = PromptedTurnstile: its slidecontrol is next
ForwardIteratingChooser = Chooser: its items may be an iterator
DictChooser = Chooser
SimpleReader = FileReader: with lines = true
ReadFileAdaptor = FileReader: for a command kam.UnixProcess, for the keyboard kam.ConsoleReader
IntelligentFileReader = FileReader
MaxSpeedFileReader = FileReader
RateControlledFileReader = RateLimit: kam.RateLimit { bytes = 65536 } behind a kam.FileReader
ReusableFileReader = Carousel: kam.Carousel(kam.PromptedFileReader), the paths go to next
RateControlledReusableFileReader = Carousel: its function makes a kam.Pipeline of both for each path
FixedRateControlledReusableFileReader = Carousel: of pipelines of kam.FileReader and kam.RateLimit
SimpleFileWriter = FileWriter
SimpleFileWriterWithOutput = FileWriter
Append = FileWriter: with mode = "append"
UnixProcess2 = UnixProcess
_FromFileHandle = FileReader
_ToFileHandle = FileWriter
chunks_to_lines = LineSplit
LineOrientedInputBuffer = LineSplit
LineFilter = filter: kam.filter(function(line) return line ~= "" end)
Grep = filter: kam.filter(function(line) return line:find "a pattern of Lua" end)
PureFilter = filter
Entuple = map: kam.map(function(msg) return { "before", msg } end)
Tagger = map: kam.map(function(msg) return { "tag", msg } end)
DataSink = each: kam.each(function(msg) list[#list + 1] = msg end)
TwoWayBalancer = Balance: kam.Balance { "a", "b" }
ConditionalSplitter = Route: kam.Route { "yes", by = function(msg) return msg > 0 and "yes" end }
Router = Route
RegisterService = registerService
Subscribe = retrieveService: a component asks a service with self:ask(name, msg)
WakeableIntrospector = tree: kam.tree() gives the tree of the living system
LoggingWakeableIntrospector = tree: kam.tree() gives the tree of the living system
bouncingFloat = BouncingFloat
cartesianPingPong = CartesianPingPong
loopingCounter = LoopingCounter
continuousIdentity = ContinuousIdentity
continuousZero = ContinuousIdentity: kam.ContinuousIdentity(0)
continuousOne = ContinuousIdentity: kam.ContinuousIdentity(1)
JSONEncoder = JSONEncode
JSONDecoder = JSONDecode
JsonSplitter = JSONDecode: with stream = true
Deserializer = JSONDecode
Dispatcher = JSONRPCHandler: and kam.JSONRPCCaller for the requests that we make
ResponseSerializer = JSONEncode
RequestSerializer = JSONEncode
IRC_Client = IRCClient
RtpPacker = RTPFramer
NullPayloadPreFramer = RTPFramer: with step, behind a kam.Chunker
Annotator = TagWithSequenceNumber: from 1: kam.TagWithSequenceNumber(1)
SimpleXMLParser = XMLParser
BasicMarshallComponent = Marshaller: and kam.DeMarshaller() for the other direction
tokenlists_to_lines = TokenlistsToLines
lines_to_tokenlists = LinesToTokenlists
soon: Find ConfigFileReader
later network: SingleServer FastRestartSingleServer ThreadedTCPClient
  ConnectedSocketAdapter Selector Duplicate Throwaway Reorder
  echo AudioCookieProtocol HelloServer
SimplePeer = UDPPeer
TargettedPeer = UDPPeer: a message { data =, host =, port = } says where it goes
PostboxPeer = UDPPeer: with addresses = true
BasicPeer = UDPPeer
UDPReceiver = UDPPeer
UDPSender = UDPPeer
Multicast_receiver = UDPPeer: with group
Multicast_sender = UDPPeer: with the group as to
Multicast_transceiver = UDPPeer: with group, and the group as to
HTTPParser = HTTPSession: it reads requests, and writes responses too
HTTPRequestHandler = HTTPHandler
HTTPShutdownLogicHandling = HTTPSession
Minimal = HTTPFiles
SimpleHTTPClient = HTTPClient: with bodies = true it sends bodies alone
SingleShotHTTPClient = HTTPClient: with url it gets that one, and ends
HTTPGetter = HTTPClient: with bodies = true it sends bodies alone
HTTPClientRequest = HTTPClient: it takes { url =, method =, headers =, body = }
HTTPClientResponseHandler = HTTPClient: with stream = true bodies come in pieces
HTTPMakePostRequest = HTTPClient: it takes { url =, method = "POST", type =, body = }
ConnectRequest = HTTPClientSession: with tunnel
IcecastStreamRemoveMetadata = IcecastDemux: its outbox has the sound alone
later http: ErrorPageHandler SessionExample MimeRequestComponent HandleConnectRequest
later audio: AOAudioPlaybackAdaptor VorbisDecode SpeexEncode SpeexDecode WAVParser WAVWriter LPF
  RawAudioMixer Decoder Encoder Input Output Resample AlsaPlayer AlsaRecorder
later video: DiracDecoder DiracEncoder RawYUVFramer YUV4MPEGToFrame FrameToYUV4MPEG CropAndScale
  DetectShotChanges ToRGB_interleaved ToYUV420_planar VideoCaptureSource Transcoder
later dvb: DVB_Multiplex DVB_Demuxer DVB_SoftDemuxer DemuxerService Tuner Receiver PSIPacketReconstructor
  EITPacketParser NowNextChanges NowNextServiceFilter NowNextProgrammeJunctionDetect
  TimeAndDatePacketParser FilterOutNotCurrent ParseEventInformationTable
  ParseEventInformationTable_Subset SimplifyEIT ParseNetworkInformationTable
  ParseNetworkInformationTable_ActualNetwork ParseNetworkInformationTable_OtherNetwork
  ParseNetworkInformationTable_ActualAndOtherNetwork ParseProgramAssociationTable
  ParseProgramMapTable ParseServiceDescriptionTable ParseServiceDescriptionTable_ActualTS
  ParseServiceDescriptionTable_OtherTS ParseServiceDescriptionTable_ActualAndOtherTS
  SDT_to_SimpleServiceList ParseTimeAndDateTable ParseTimeOffsetTable
  PrettifyProgramAssociationTable PrettifyNetworkInformationTable PrettifyProgramMapTable
  PrettifyServiceDescriptionTable PrettifyEventInformationTable PrettifyTimeAndDateTable
  PrettifyTimeOffsetTable ReassemblePSITables ReassemblePSITablesService
later display: PygameDisplay _PygameEventSource PyGameApp Button Image ImageButton KeyEvent MagnaDoodle
  Multiclick TextDisplayer Textbox Ticker VideoOverlay VideoSurface Slider ColourSelector ToolBox Paint
  Canvas Painter ProperSurfaceDisplayer BasicSprite SpriteScheduler
later opengl: OpenGLDisplay OpenGLComponent ArrowButton Container Interactor Label
  LiftTranslationInteractor MatchedTranslationInteractor PathMover WheelMover SimpleRotator SimpleMover
  SimpleBuzzer ProgressBar PygameWrapper SimpleButton SimpleCube SimpleRotationInteractor
  SimpleTranslationInteractor SkyGrassBackground TexPlane
later graph: AxonVisualiser AxonVisualiserServer ERVisualiser ERVisualiserServer ERParser
  ERModel2Visualiser TopologyViewer TopologyViewerServer TextControlledTopologyViewer TopologyViewer3D
  TopologyViewer3DWithParams GraphSlideXMLComponent onDemandGraphFileParser_Prefab CollabParser
  CollabWithViewParser RDFParser
later mail: ConcreteMailHandler GreyListingPolicy MailHandler Email Uploader
later whiteboard: CheckpointSequencer Decks SmartBoard UidTagger FilterTag FilterButKeepTag WebcamManager
never windows are made by the display family, not by Tk: TkWindow tkInvisibleWindow
never America Online closed the service: AIMHarness ChatManager LoginHandler OSCARProtocol
  SNACExchanger OSCARClient
never a BitTorrent client does this better: TorrentClient BasicTorrentExplainer TorrentMaker
  TorrentPatron TorrentService UploadTorrents
never "kam graph" draws systems, and a text editor writes them: CodeGen BuilderControlsGUI TextOutputGUI
  PipeBuild PipelineWriter
never "kam repl" is the prompt: StandaloneInterpreter InterpreterTransformer
never "kam --trace" shows every message: ComponentBoxTracer
never "perf" profiles the host, and kam.tree() shows what each component does: Profiler
  ProfilerOutputFormatter
never print, self:log and kam.each do this: Printer PrintOnFile
never kam.stop() ends a system: StopOnFile
never it stands in the tutorial as a component to write: CallbackStyleComponent StandardStyleComponent
never it belongs to the bulletin board of a tutorial: Authenticator MessageBoardUI
  RequestResponseComponent UserRetriever StateSaverLogout
never it was a part of another framework in Python: _WsgiHandler UrlListFormatter DictFormatter
  FormatterBase
never an application made of kam.map and a JSON component does this: Deserializer Dispatcher
  ResponseSerializer RequestSerializer Finalizer ThreadedWorker TaskManager
never it read a service that has changed since: WhatsOn NowPlaying DataCollector RawDataCollector
  LiveAnalysis LiveAnalysisNLTK FinalAnalysisNLTK Requester RetweetFixer RetweetCorrector TweetCleaner
  LinkResolver PeopleSearch TwitterStream
never it belongs to an application for pens: Analyse StrokeGrammar Pen QuantiseStroke SegmentStroke
  Normalise
]]

local function add_list(all, kind, what, list)
  for name in list:gmatch "%S+" do all[name] = { [kind] = what } end
end

local function parsed()
  local all = {}
  for line in names.text:gsub("\n +", " "):gmatch "[^\n]+" do
    local name, target, hint = line:match "^(%S+) = ([%w_]+):? ?(.*)$"
    if name then
      all[name] = { is = target, hint = hint ~= "" and hint or nil }
    else
      local kind, what, list = line:match "^(%l+) ?(.-): (.*)$"
      add_list(all, kind, what, list)
    end
  end
  return all
end

local all

-- Every name that the table answers, to { is =, hint = }, { soon = "" },
-- { later = family } or { never = reason }.
function names.all()
  all = all or parsed()
  return all
end

-- What the table says of a name, or nil.
function names.find(name) return names.all()[name] end

-- The same in words: a sentence, the name here if there is one, and a hint; or nil.
function names.answer(name)
  local found = names.find(name)
  if not found then return nil end
  local text = ("Kamaelia's %s "):format(name)
  if found.is then return text .. ("is called kam.%s here"):format(found.is), found.is, found.hint end
  if found.never then return text .. "is not offered: " .. found.never end
  if found.soon then return text .. "is not here yet" end
  return text .. ("is not here yet: it comes with the %s family"):format(found.later)
end

return names
