using System.CommandLine;
using System.Globalization;
using TransformerClinic.Bench.Adaptation;
using TransformerClinic.Bench.Clients;
using TransformerClinic.Bench.Corpora;
using TransformerClinic.Bench.Decoding;
using TransformerClinic.Bench.Depth;
using TransformerClinic.Bench.Exchange;
using TransformerClinic.Bench.Growth;
using TransformerClinic.Bench.Prediction;
using TransformerClinic.Bench.Recompute;
using TransformerClinic.Bench.Serving;
using TransformerClinic.Bench.Training;
using TransformerClinic.Common;

NativeRuntime.Configure();
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
return new RootCommand("Measurements that take longer than a test may: they print what they find and assert no times.")
{
    TrainingCommand.Create(),
    UpdatesCommand.Create(),
    TurnsCommand.Create(),
    AdditionsCommand.Create(),
    RecomputeCommand.Create(),
    DecodingCommand.Create(),
    ClientCommand.Create(),
    ServingCommand.Create(),
    DepthCommand.Create(),
    GrowthCommand.Create(),
    PredictionCommand.Create(),
    AdaptationCommand.Create(),
    PairsCommand.Create(),
    StoredTrainingCommand.Create(),
    ExchangeCommand.Create(),
}
    .Parse(args)
    .Invoke();
