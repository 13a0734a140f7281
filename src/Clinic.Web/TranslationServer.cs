using System.Diagnostics;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using TransformerClinic.Common;
using TransformerClinic.Documents.Segments.Sentences;
using TransformerClinic.Web.Api;
using TransformerClinic.Web.Batching;
using TransformerClinic.Web.Dashboard;
using TransformerClinic.Web.Models;
using TransformerClinic.Web.Operation;
using TransformerClinic.Web.Runs;
using TransformerClinic.Web.Security;
using TransformerClinic.Web.Texts;

namespace TransformerClinic.Web;

/// <summary>
/// The translation service: everything it consists of is made here, and nowhere else. It reads no configuration
/// file, and of the environment only where systemd listens.
/// </summary>
internal sealed class TranslationServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ServeOptions _options;
    private readonly ServiceLog _log;

    private TranslationServer(WebApplication app, ServeOptions options, ServiceLog log) =>
        (_app, _options, _log) = (app, options, log);

    /// <summary>Where it listens, such as <c>http://127.0.0.1:5000</c>; there once it has started.</summary>
    public string Address => _app.Urls.First();

    /// <summary>What it consists of.</summary>
    internal IServiceProvider Services => _app.Services;

    /// <summary>Loads the models and makes the service; it does not listen yet.</summary>
    /// <param name="options">What to serve, and where.</param>
    /// <param name="log">Where it says what it does.</param>
    /// <exception cref="UserErrorException">
    /// An option has a value that is not allowed, no model could be loaded, or a file of keys cannot be read.
    /// </exception>
    public static TranslationServer Create(ServeOptions options, ServiceLog log)
    {
        OptionCheck.Valid(options, "serve");
        OptionCheck.Valid(options.Limits, "serve.limits");
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        Listen(builder, options);
        Add(builder.Services, options, log);
        var app = builder.Build();
        Route(app);
        return new TranslationServer(app, options, log);
    }

    /// <summary>Listens.</summary>
    /// <exception cref="UserErrorException">The port is in use.</exception>
    public async Task StartAsync()
    {
        try
        {
            await _app.StartAsync();
        }
        catch (IOException exception)
        {
            throw new UserErrorException(
                $"The service cannot listen at {_options.Host}, port {_options.Port}: {exception.Message} Choose "
                    + "another port.",
                exception
            );
        }

        Notify(ServiceState.Ready);
    }

    /// <summary>
    /// Ends in an orderly way: from now on the service says that it is not ready, answers what it is asked for a while
    /// yet, then takes no more connections and finishes what it has accepted.
    /// </summary>
    /// <param name="hurry">Canceled when even that takes too long.</param>
    public async Task StopAsync(CancellationToken hurry = default)
    {
        Notify(ServiceState.Stopping);
        var activity = Services.GetRequiredService<ServiceActivity>();
        activity.Drain();
        if (_options.Limits.DrainSeconds > 0)
        {
            await Until(() => activity.IsQuiet, TimeSpan.FromSeconds(_options.Limits.DrainSeconds), hurry);

            // A connection whose request is on its way would be closed without an answer.
            await Until(() => activity.AllConnectionsHaveRequests, TimeSpan.FromSeconds(1), hurry);
        }

        await _app.StopAsync(hurry);
    }

    /// <summary>Listens until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await StartAsync();
        _log.Say($"serving at {Address}");
        await Task.Delay(Timeout.Infinite, stop).ContinueWith(_ => { }, TaskScheduler.Default);
        _log.Say("stopping: finishing the requests that were accepted");
        await StopAsync(CancellationToken.None);
        _log.Say("stopped");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static async Task Until(Func<bool> condition, TimeSpan most, CancellationToken hurry)
    {
        var began = Stopwatch.GetTimestamp();
        while (!condition() && Stopwatch.GetElapsedTime(began) < most && !hurry.IsCancellationRequested)
        {
            await Task.Delay(1, CancellationToken.None);
        }
    }

    private static void Listen(WebApplicationBuilder builder, ServeOptions options)
    {
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            var limits = options.Limits;
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = limits.BodyBytes;
            kestrel.Limits.MaxConcurrentConnections = limits.Connections;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(60);
            kestrel.Listen(
                options.Address!,
                options.Port,
                endpoint =>
                {
                    endpoint.Protocols = HttpProtocols.Http1;
                    endpoint.Use(next =>
                    {
                        var activity = endpoint.ApplicationServices.GetRequiredService<ServiceActivity>();
                        return async connection =>
                        {
                            using var open = activity.BeginConnection();
                            await next(connection);
                        };
                    });
                }
            );
        });
    }

    private static void Add(IServiceCollection services, ServeOptions options, ServiceLog log)
    {
        var workers = options.Threads == 0 ? Environment.ProcessorCount : options.Threads;
        services.AddRouting();
        services.AddCors();
        services.AddOpenApi("v1", OwnApi.Describe);
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.RespectNullableAnnotations = true;
            json.SerializerOptions.RespectRequiredConstructorParameters = true;
            json.SerializerOptions.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        });
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.AddRequestTimeouts(timeouts =>
            timeouts.DefaultPolicy = new RequestTimeoutPolicy
            {
                Timeout = TimeSpan.FromSeconds(options.Limits.Seconds),
                TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
            }
        );
        services.Configure<HostFilteringOptions>(filter => filter.AllowedHosts = [.. HostsOf(options)]);
        services.Configure<HostOptions>(host =>
            host.ShutdownTimeout = TimeSpan.FromSeconds(options.Limits.StopSeconds)
        );
        services.AddSingleton<IHostLifetime, NoSignals>();
        services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
        services.AddSingleton(options);
        services.AddSingleton(log);
        services.AddSingleton(new KeyRing(options.Keys is null ? null : ApiKeys.Load(options.Keys)));
        services.AddSingleton<ServiceActivity>();
        services.AddSingleton(_ => new SentenceQueue(options.Limits.QueuedSubwords, workers));
        services.AddSingleton<ServiceMetrics>();
        services.AddSingleton<PrometheusMetrics>();
        services.AddSingleton(provider => new BatchWorkers(
            provider.GetRequiredService<SentenceQueue>(),
            provider.GetRequiredService<ServiceMetrics>(),
            workers
        ));
        services.AddSingleton<SentenceBatcher>();
        services.AddSingleton(new TextCutter(RulesOf(options)));
        services.AddSingleton<TextTranslator>();
        services.AddSingleton<TranslateEndpoint>();
        DocumentsApi.Add(services);
        Adapters.Add(services);
        services.AddSingleton(new RunCatalog(options.Runs));
        services.AddSingleton<RunReader>();
        services.AddSingleton<RunEvents>();
        services.AddHostedService<ModelWatcher>();

        // Last: it takes seconds, and what else the user named is checked by now.
        var models = new ModelCatalog(options.Models, log.Say);
        services.AddSingleton(_ => models);
    }

    private static void Route(WebApplication app)
    {
        // Made last so that it is disposed first: the workers finish before the models go.
        app.Services.GetRequiredService<ModelCatalog>();
        app.Services.GetRequiredService<BatchWorkers>();
        app.UseMiddleware<RequestLog>();
        app.UseMiddleware<PageHeaders>();
        app.UseHostFiltering();
        app.UseRouting();
        AllowOrigin(app);
        app.UseMiddleware<ErrorMiddleware>();
        app.UseMiddleware<Gate>();
        app.UseRequestTimeouts();
        Health.Map(app);
        app.Services.GetRequiredService<PrometheusMetrics>().Map(app);
        OwnApi.Map(app);
        var limits = app.Services.GetRequiredService<ServeOptions>().Limits;
        DocumentsApi.Map(app, limits);
        Adapters.Map(app, limits);
        RunsApi.Map(app);
        Assets.Map(app);
        SignIn.Map(app);
        TranslatePages.Map(app);
        RunPages.Map(app);
        app.MapOpenApi().WithMetadata(new OpenToAll());
    }

    /// <summary>Browsers let pages of the origin that may ask read the answers, too.</summary>
    private static void AllowOrigin(WebApplication app)
    {
        if (app.Services.GetRequiredService<ServeOptions>().Origin is { } origin)
        {
            app.UseCors(policy => policy.WithOrigins(origin).AllowAnyHeader().AllowAnyMethod());
        }
    }

    private static SegmentationRules RulesOf(ServeOptions options) =>
        options.Rules is null ? SegmentationRules.BuiltIn() : SegmentationRules.Load(options.Rules);

    private static IEnumerable<string> HostsOf(ServeOptions options)
    {
        string[] own = options.IsLoopback ? ["localhost", "127.0.0.1", "[::1]"] : [];
        return own.Append(options.Address!.ToString()).Concat(options.Names).Distinct();
    }

    private void Notify(ServiceState state) => Services.GetRequiredService<ISystemdNotifier>().Notify(state);

    /// <summary>The command takes the signals and calls <see cref="StopAsync"/>.</summary>
    private sealed class NoSignals : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
