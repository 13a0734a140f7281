using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using TransformerClinic.Common;
using TransformerClinic.Pages;
using TransformerClinic.Reproduction;
using TransformerClinic.Residuals;

namespace TransformerClinic.Tests.Architecture;

/// <summary>
/// No state belongs to the process: static fields are constants, or read-only and of a type that does not change.
/// </summary>
public class StaticStateTests
{
    private const BindingFlags Statics =
        BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Type[] Changeable =
    [
        typeof(List<>),
        typeof(Dictionary<,>),
        typeof(HashSet<>),
        typeof(Queue<>),
        typeof(Stack<>),
        typeof(SortedDictionary<,>),
        typeof(SortedSet<>),
        typeof(LinkedList<>),
        typeof(ConcurrentDictionary<,>),
        typeof(ConcurrentQueue<>),
        typeof(ConcurrentBag<>),
        typeof(StringBuilder),
        typeof(Random),
        typeof(ThreadLocal<>),
        typeof(AsyncLocal<>),
        typeof(ConditionalWeakTable<,>),
        typeof(StrongBox<>),
        typeof(MemoryStream),
    ];

    [Fact]
    public void No_static_field_changes()
    {
        Type[] oneOfEach =
        [
            typeof(UserErrorException),
            typeof(ResidualConnection),
            typeof(Document),
            typeof(ReproductionRun),
        ];
        var fields = oneOfEach
            .SelectMany(type => type.Assembly.GetTypes())
            .Where(type =>
                type.Namespace?.StartsWith(nameof(TransformerClinic), StringComparison.Ordinal) == true
                && !IsGenerated(type)
            )
            .SelectMany(type => type.GetFields(Statics))
            .ToList();

        Assert.True(fields.Count > 20, "too few fields were found");
        Assert.Empty(fields.Where(IsState).Select(field => $"{field.DeclaringType}.{field.Name}"));
    }

    [Fact]
    public void State_is_recognised() =>
        Assert.Equal(
            ["<Property>k__BackingField", "Collection", "Counter"],
            typeof(Example).GetFields(Statics).Where(IsState).Select(field => field.Name).Order(StringComparer.Ordinal)
        );

    private static bool IsState(FieldInfo field) =>
        !field.IsLiteral && (!field.IsInitOnly || Changeable.Contains(Definition(field.FieldType)));

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    // The compiler keeps lambdas that capture nothing in static fields of types of its own.
    private static bool IsGenerated(Type? type) =>
        type is not null && (type.IsDefined(typeof(CompilerGeneratedAttribute)) || IsGenerated(type.DeclaringType));

    private static class Example
    {
        public const int Constant = 1;
        public static readonly string Text = "";
        public static readonly int[] Table = [];
        public static readonly List<int> Collection = [];
#pragma warning disable CA2211, CA1823, CS0169, CS0649, IDE0044, IDE0051
        internal static int Counter;
#pragma warning restore CA2211, CA1823, CS0169, CS0649, IDE0044, IDE0051

        public static int Property { get; set; }
    }
}
