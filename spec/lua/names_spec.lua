-- Kamaelia's names: each has an answer, and each answer is true.
local kam = require "kam"
local kit = require "spec.lua.kit"
local library = require "kam.library"
local names = require "kam.names"
local place = require "spec.lua.place"

-- The components of Kamaelia's last state, from its modules.
local kamaelias = [[
  AIMHarness AOAudioPlaybackAdaptor ActivityMonitor AlsaPlayer AlsaRecorder Analyse Annotator
  Append ArrowButton AudioCookieProtocol Authenticator AxonVisualiser AxonVisualiserServer
  Backplane BasicMarshallComponent BasicPeer BasicSprite BasicTorrentExplainer
  BuilderControlsGUI Button ByteRate_RequestControl CallbackStyleComponent Canvas Carousel
  Chargen ChatManager CheapAndCheerfulClock CheckpointSequencer Chooser ChunkNamer Chunkifier
  CodeGen CollabParser CollabWithViewParser Collate ColourSelector Comparator ComponentBoxTracer
  ConcreteMailHandler ConditionalSplitter ConfigFileReader ConnectRequest ConnectedSocketAdapter
  ConsoleEchoer ConsoleReader Container CropAndScale DVB_Demuxer DVB_Multiplex DVB_SoftDemuxer
  DataChunker DataCollector DataDeChunker DataSink DataSource DeFramer DeMarshaller Decks
  Decoder DemuxerService Deserializer DetectShotChanges DictChooser DictFormatter DiracDecoder
  DiracEncoder Dispatcher Duplicate EITPacketParser ERModel2Visualiser ERParser ERVisualiser
  ERVisualiserServer EchoProtocol Email Encoder Entuple ErrorPageHandler Fanout
  FastRestartServer FastRestartSingleServer Filter FilterButKeepTag FilterOutNotCurrent
  FilterTag FinalAnalysisNLTK Finalizer Find FirstOnly FixedRateControlledReusableFileReader
  FormatterBase FortuneCookieProtocol ForwardIteratingChooser FrameToYUV4MPEG Framer
  GraphSlideXMLComponent Graphline Grep GreyListingPolicy HTTPClientRequest
  HTTPClientResponseHandler HTTPGetter HTTPMakePostRequest HTTPParser HTTPRequestHandler
  HTTPServer HTTPShutdownLogicHandling HandleConnectRequest HelloServer IRC_Client IcecastClient
  IcecastDemux IcecastStreamRemoveMetadata IcecastStreamWriter Image ImageButton
  InboxControlledCarousel Input IntelligentFileReader Interactor InterpreterTransformer
  Introspector JSONDecoder JSONEncoder JoinChooserToCarousel JsonSplitter KeyEvent LPF Label
  LiftTranslationInteractor LineFilter LineOrientedInputBuffer LineSplit LinkResolver
  LiveAnalysis LiveAnalysisNLTK LoggingWakeableIntrospector LoginHandler LossyConnector
  MagnaDoodle MailHandler Marshaller MatchedTranslationInteractor Max MaxSizePacketiser
  MaxSpeedFileReader MessageBoardUI MessageRateLimit MimeRequestComponent Minimal
  Multicast_receiver Multicast_sender Multicast_transceiver Multiclick Normalise NowNextChanges
  NowNextProgrammeJunctionDetect NowNextServiceFilter NowPlaying NullPayloadPreFramer
  OSCARClient OSCARProtocol OnDemandLimit OneShot OpenGLComponent OpenGLDisplay Output PAR
  PSIPacketReconstructor Paint Painter ParseEventInformationTable
  ParseEventInformationTable_Subset ParseNetworkInformationTable
  ParseNetworkInformationTable_ActualAndOtherNetwork ParseNetworkInformationTable_ActualNetwork
  ParseNetworkInformationTable_OtherNetwork ParseProgramAssociationTable ParseProgramMapTable
  ParseServiceDescriptionTable ParseServiceDescriptionTable_ActualAndOtherTS
  ParseServiceDescriptionTable_ActualTS ParseServiceDescriptionTable_OtherTS
  ParseTimeAndDateTable ParseTimeOffsetTable PassThrough PathMover Pauser Pen PeopleSearch
  PeriodicTick PeriodicWakeup PipeBuild Pipeline PipelineWriter Plug PlugSplitter PostboxPeer
  PrettifyEventInformationTable PrettifyNetworkInformationTable PrettifyProgramAssociationTable
  PrettifyProgramMapTable PrettifyServiceDescriptionTable PrettifyTimeAndDateTable
  PrettifyTimeOffsetTable PrintOnFile Printer Profiler ProfilerOutputFormatter ProgressBar
  PromptedFileReader PromptedTurnstile ProperSurfaceDisplayer PublishTo PureFilter
  PureTransformer PyGameApp PygameDisplay PygameWrapper QuantiseStroke RDFParser RTPDeframer
  RTPFramer RangeFilter RateChunker RateControlledFileReader RateControlledReusableFileReader
  RawAudioMixer RawDataCollector RawYUVFramer ReadFileAdaptor ReassemblePSITables
  ReassemblePSITablesService Receiver RecoverOrder RegisterService Reorder
  RequestResponseComponent RequestSerializer Requester Resample ResettableSender
  ResponseSerializer RetweetCorrector RetweetFixer ReusableFileReader Router RtpPacker SDPParser
  SDT_to_SimpleServiceList SNACExchanger SRM_Receiver SRM_Sender SegmentStroke Selector Seq
  SequentialTransformer ServerCore SessionExample SimpleButton SimpleBuzzer SimpleCube
  SimpleDetupler SimpleFileWriter SimpleFileWriterWithOutput SimpleHTTPClient SimpleMover
  SimplePeer SimpleReader SimpleRotationInteractor SimpleRotator SimpleServer
  SimpleTranslationInteractor SimpleXMLParser SimplifyEIT SingleServer SingleShotHTTPClient
  SingleTick Sink SkyGrassBackground Slider SmartBoard Sort SpeexDecode SpeexEncode Splitter
  SpriteScheduler StandaloneInterpreter StandardStyleComponent StateSaverLogout StopOnFile
  Stringify StrokeGrammar Subscribe SubscribeTo Sync TCPClient TCPServer TPipe TTL
  TagWithSequenceNumber Tagger TargettedPeer TaskManager TestResult TexPlane
  TextControlledTopologyViewer TextDisplayer TextOutputGUI Textbox ThreadedTCPClient
  ThreadedWorker Throwaway Ticker TimeAndDatePacketParser TkWindow ToRGB_interleaved ToService
  ToYUV420_planar ToolBox TopologyViewer TopologyViewer3D TopologyViewer3DWithParams
  TopologyViewerServer TorrentClient TorrentMaker TorrentPatron TorrentService Transcoder
  TriggeredFileReader TriggeredOneShot TriggeredSource Tuner TweetCleaner TwitterStream
  TwoWayBalancer TwoWaySplitter UDPReceiver UDPSender UidTagger UnixProcess UnixProcess2
  UnseenOnly UploadTorrents Uploader UrlListFormatter UserRetriever
  VariableByteRate_RequestControl VideoCaptureSource VideoOverlay VideoSurface VorbisDecode
  WAVParser WAVWriter WakeableIntrospector WebcamManager WhatsOn WheelMover WholeFileWriter With
  YUV4MPEGToFrame _FromFileHandle _PygameEventSource _ToFileHandle _WsgiHandler bouncingFloat
  cartesianPingPong chunks_to_lines continuousIdentity continuousOne continuousZero echo
  lines_to_tokenlists loopingCounter nullSinkComponent onDemandGraphFileParser_Prefab
  tkInvisibleWindow tokenlists_to_lines
]]

-- Is it a component of this build, or another thing that kam has?
local function is_here(name)
  if name:find "^%u" then return library.find(name) ~= nil end
  return rawget(kam, name) ~= nil
end

it("has an answer for every component of Kamaelia", function()
  for name in kamaelias:gmatch "%S+" do
    assert(library.find(name) or names.find(name), name .. " has no answer")
  end
end)

it("gives names that are here, or come", function()
  for name, found in pairs(names.all()) do
    local target = found.is and names.find(found.is)
    assert(not found.is or is_here(found.is) or target and (target.soon or target.later),
      ("%s is said to be %s, which is neither here nor to come"):format(name, found.is or ""))
  end
end)

it("does not promise what is here, nor answer for it", function()
  for name, found in pairs(names.all()) do
    assert(not (found.later or found.never or found.is) or not library.find(name), name .. " is here")
  end
end)

it("is said when the name is asked for", function()
  local function asked(name) return kit.refused(function() return kam[name] end) end
  kit.has(asked "SimpleFileWriter", "E0221", "Kamaelia's SimpleFileWriter is called kam.FileWriter here",
    "mend: kam.FileWriter")
  kit.has(asked "pipeline", "called kam.Pipeline here")
  kit.has(asked "OnDemandLimit", "kam.PromptedTurnstile", "its slidecontrol is next")
  kit.has(asked "PureFilter", "called kam.filter here", "mend: kam.filter")
  kit.has(asked "TkWindow", "not offered", "Tk")
  kit.has(asked "DVB_Demuxer", "comes with the dvb family")
end)

it("is said to those who write a name in another way", function()
  kit.has(kit.refused(function() return kam.passThrough end), "E0221", "did you mean kam.PassThrough?")
  kit.has(kit.refused(function() return kam.console_echoer end), "did you mean kam.ConsoleEchoer?")
end)

it("is said on the command line", function()
  local here <close> = place.new()
  local _, err, status = here:run "kam run 'ConsoleReader | SimpleFileWriter'"
  assert.equal(2, status)
  kit.has(err, "called kam.FileWriter here")
  _, err, status = here:run "kam doc TwoWaySplitter"
  assert.same({ "kam: Kamaelia's TwoWaySplitter is called kam.Tee here; see kam doc Tee\n"
    .. "     its second outbox is copy\n", 2 }, { err, status })
end)

