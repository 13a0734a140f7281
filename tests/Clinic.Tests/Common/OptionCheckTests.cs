using System.ComponentModel.DataAnnotations;
using System.Reflection;
using TransformerClinic.Common;
using TransformerClinic.Decoding;
using TransformerClinic.Decoding.Search;
using TransformerClinic.Model;
using TransformerClinic.Recipes;
using TransformerClinic.Tests.Recipes;
using TransformerClinic.Training;

namespace TransformerClinic.Tests.Common;

/// <summary>Options are checked by what takes them, whoever made them.</summary>
public sealed class OptionCheckTests
{
    public static TheoryData<string> Uses => [.. OptionUse.All.Select(use => use.Name)];

    /// <summary>
    /// For each key that can be wrong: the values next to those that it takes, and values of no sense.
    /// </summary>
    [Theory]
    [MemberData(nameof(Uses))]
    public void What_takes_options_refuses_every_value_that_is_not_allowed_and_names_its_key(string name)
    {
        var use = OptionUse.All.Single(use => use.Name == name);
        var tried = 0;
        foreach (var key in OptionKey.AllOf(use.Record))
        {
            foreach (var value in Wrong(key))
            {
                var options = use.Valid();
                Set(options, key, value);

                var mistake = Record.Exception(() => use.Take(options));

                Assert.True(mistake is UserErrorException, $"{key.Path} = {value}: {mistake}");
                var path = use.Section.Length == 0 ? key.Path : $"{use.Section}.{key.Path}";
                Assert.Equal(
                    value is null
                        ? $"{path} has no value; it must be {key.Allowed}."
                        : $"{path} is '{OptionKey.Format(value)}'; it must be {key.Allowed}.",
                    mistake.Message
                );
                tried++;
            }
        }

        Assert.True(tried > 0, "nothing was tried");
    }

    [Fact]
    public void Every_options_record_of_the_engine_is_checked_by_something()
    {
        var @checked = OptionUse.All.SelectMany(use => RecordsOf(use.Record)).ToHashSet();
        var records = typeof(UserErrorException)
            .Assembly.GetTypes()
            .Where(type =>
                type.Name.EndsWith("Options", StringComparison.Ordinal)
                || type.GetProperties().Any(property => property.IsDefined(typeof(RangeAttribute)))
            )
            .Where(type => type.GetConstructor(Type.EmptyTypes) is not null)
            .Where(type => OptionKey.AllOf(type).Any(key => Wrong(key).Any()))
            .ToList();

        Assert.True(records.Count > 15, "too few records were found");
        Assert.Empty(records.Except(@checked));
        Assert.All(OptionUse.All, use => Assert.Null(Record.Exception(() => Valid(use.Valid()))));
    }

    [Fact]
    public void Every_number_has_a_range_but_seeds()
    {
        var keys = OptionUse.All.SelectMany(use => OptionKey.AllOf(use.Record)).ToList();

        Assert.Empty(
            keys.Where(key => (key.IsWhole || key.Type == typeof(double)) && key.Range is null)
                .Select(key => key.Path)
                .Distinct(StringComparer.Ordinal)
                .Except(["seed"])
        );
    }

    /// <summary>In a recipe, in front of the same sentence is where the value is.</summary>
    [Fact]
    public void A_programs_options_and_a_recipes_get_the_same_message()
    {
        var tried = 0;
        foreach (var key in OptionKey.AllOf(typeof(Recipe)).Where(key => key.Type != typeof(string)))
        {
            foreach (var value in Wrong(key).OfType<object>())
            {
                var recipe = new Recipe();
                Set(recipe, key, value);
                var message = Assert.Throws<UserErrorException>(() => OptionCheck.Valid(recipe, "")).Message;
                var setting = $"{key.Path}={OptionKey.Format(value)}";

                Assert.Equal($"override {setting}: {message}", RecipeFile.Error(RecipeFile.Data, setting));
                tried++;
            }
        }

        Assert.True(tried > 100, "too few values were tried");
    }

    [Fact]
    public void The_message_names_key_value_and_what_is_allowed()
    {
        Assert.Equal(
            "decoding.beam is '0'; it must be a whole number from 1 to 1000.",
            Refused(new DecodingOptions { Beam = 0 }, "decoding")
        );
        Assert.Equal(
            "sampling.topP is '2'; it must be a number from 0.0001 to 1.",
            Refused(new Sampling { TopP = 2 }, "sampling")
        );
        Assert.Equal(
            "training.optimizer.name is '7'; it must be one of radam, adam, sgd.",
            Refused(new TrainingOptions { Optimizer = new() { Name = (OptimizerName)7 } }, "training")
        );
        Assert.Equal(
            "decoding.temperature is 'NaN'; it must be a number from 0.01 to 100.",
            Refused(new DecodingOptions { Temperature = double.NaN }, "decoding")
        );
    }

    [Fact]
    public void A_record_that_is_missing_is_named_by_its_first_key() =>
        Assert.Equal(
            "model.encoder.layers has no value; it must be a whole number from 1 to 1000.",
            Refused(new ModelOptions { Encoder = null! }, "model")
        );

    private static string Refused<T>(T options, string section)
        where T : class => Assert.Throws<UserErrorException>(() => OptionCheck.Valid(options, section)).Message;

    /// <summary>Checks options of a type that is known only now.</summary>
    private static object? Valid(object options) =>
        typeof(OptionCheck)
            .GetMethod(nameof(OptionCheck.Valid))!
            .MakeGenericMethod(options.GetType())
            .Invoke(null, [options, "any"]);

    private static IEnumerable<Type> RecordsOf(Type type) =>
        OptionSection
            .PropertiesOf(type)
            .Where(OptionSection.IsSection)
            .SelectMany(property => RecordsOf(property.PropertyType))
            .Prepend(type);

    private static IEnumerable<object?> Wrong(OptionKey key)
    {
        if (key.Type.IsEnum)
        {
            yield return Enum.ToObject(key.Type, 99);
        }
        else if (key.Type == typeof(double))
        {
            yield return double.NaN;
            yield return double.PositiveInfinity;
            yield return (double)key.Range!.Minimum - 0.5;
            yield return (double)key.Range.Maximum * 2;
        }
        else if (key.Type == typeof(int))
        {
            yield return (int)key.Range!.Minimum - 1;
            if (key.Range.Maximum is not int.MaxValue)
            {
                yield return (int)key.Range.Maximum + 1;
            }
        }
        else if (!key.Type.IsValueType && !key.Allows(null))
        {
            yield return null;
        }
    }

    private static void Set(object options, OptionKey key, object? value)
    {
        var record = options;
        var names = key.Path.Split('.');
        foreach (var section in names[..^1])
        {
            record = Property(record, section).GetValue(record)!;
        }

        Property(record, names[^1]).SetValue(record, value);
    }

    private static PropertyInfo Property(object record, string name) =>
        OptionSection.PropertiesOf(record.GetType()).Single(property => OptionSection.NameOf(property) == name);
}
