using System.CommandLine;
using TransformerClinic.Cli.Options;
using TransformerClinic.Common;
using TransformerClinic.Web;
using TransformerClinic.Web.Security;

namespace TransformerClinic.Cli.Commands;

/// <summary><c>clinic serve</c></summary>
internal sealed class ServeCommand : Verb
{
    private readonly Option<string?> _models = new("--models")
    {
        Description = "The folder of the models: a folder for each in it; or a model folder, or a run folder.",
    };
    private readonly Option<string?> _runs = new("--runs")
    {
        Description = "A folder of run folders to show on the dashboard.",
    };
    private readonly Option<int?> _port = RangedOption.Of<ServeOptions, int>(
        nameof(ServeOptions.Port),
        "--port",
        "The port to listen at; 0 takes a free one. Default: 5000."
    );
    private readonly Option<string?> _host = new("--host")
    {
        Description = "The address to listen at; any but a loopback address needs --keys. Default: 127.0.0.1.",
    };
    private readonly Option<string?> _keys = new("--keys")
    {
        Description = "The file of keys, made by --new-key: who uses the service needs one of them.",
    };
    private readonly Option<string?> _newKey = new("--new-key")
    {
        Description = "Makes a key of this name, adds its hash to the file of --keys, prints it, and serves nothing.",
    };
    private readonly Option<string[]> _names = new("--name")
    {
        Description = "A host name by which the service may be addressed, in addition to its address.",
        DefaultValueFactory = _ => [],
    };
    private readonly Option<string?> _origin = new("--origin")
    {
        Description = "A web origin whose pages may ask the service, such as https://intranet.example.",
    };
    private readonly Option<string?> _rules = Shared.SentenceRules("An");
    private readonly Option<int?> _threads = Shared.Threads(
        "Threads to translate with; 0 takes all cores. Default: 0."
    );
    private readonly LimitArguments _limits = new();
    private readonly Option<bool> _quiet = new("--quiet") { Description = "No line for each request." };

    public ServeCommand()
        : base(
            "serve",
            "Serves models to translation tools, web pages and programs, until it is stopped.",
            "clinic serve --models runs",
            "curl -s localhost:5000/v1/translate -H 'Content-Type: application/json' "
                + "-d '{\"text\": \"Wählen Sie eine Datei.\"}'",
            "clinic serve --keys keys.txt --new-key anna",
            "clinic serve --models models --host 0.0.0.0 --name translate.example --keys keys.txt"
        ) =>
        Accept([
            _models,
            _runs,
            _port,
            _host,
            _keys,
            _newKey,
            _names,
            _origin,
            _rules,
            _threads,
            .. _limits.All,
            _quiet,
        ]);

    /// <inheritdoc/>
    protected override int Run(ParseResult parsed)
    {
        if (parsed.GetValue(_newKey) is { } name)
        {
            Console.Out.WriteLine(ApiKeys.Add(KeysOf(parsed), name));
            return ExitCode.Done;
        }

        UntilStopped(stop => Serve(OptionsOf(parsed), stop).GetAwaiter().GetResult());
        return ExitCode.Done;
    }

    private static async Task<bool> Serve(ServeOptions options, CancellationToken stop)
    {
        await using var server = TranslationServer.Create(options, new ServiceLog(Console.Error));
        await server.RunAsync(stop);
        return true;
    }

    private ServeOptions OptionsOf(ParseResult parsed)
    {
        var defaults = new ServeOptions
        {
            Models =
                parsed.GetValue(_models)
                ?? throw new UserErrorException("--models is missing: which folder are the models in?"),
        };
        return defaults with
        {
            Runs = parsed.GetValue(_runs),
            Port = parsed.GetValue(_port) ?? defaults.Port,
            Host = parsed.GetValue(_host) ?? defaults.Host,
            Keys = parsed.GetValue(_keys),
            Names = parsed.GetRequiredValue(_names),
            Origin = parsed.GetValue(_origin),
            Rules = parsed.GetValue(_rules),
            Threads = parsed.GetValue(_threads) ?? 0,
            Limits = _limits.Of(parsed),
            LogRequests = !parsed.GetValue(_quiet),
        };
    }

    private string KeysOf(ParseResult parsed) =>
        parsed.GetValue(_keys)
        ?? throw new UserErrorException("--new-key needs --keys: which file is the key added to?");
}
