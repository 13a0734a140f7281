using TransformerClinic.Common;

namespace TransformerClinic.Distribution;

/// <summary>The group that this process belongs to.</summary>
internal static class ProcessGroups
{
    /// <summary>
    /// Enters the group that the launcher of this process has started; without a launcher, or if it has started only
    /// this one, a group of one for which no native code is touched.
    /// </summary>
    /// <param name="options">How the processes work together.</param>
    /// <exception cref="UserErrorException">
    /// An option is not valid, the launcher's variables contradict each other or the library, or there is no library.
    /// </exception>
    /// <exception cref="ProcessGroupException">The library fails.</exception>
    public static ProcessGroup OfLaunch(DistributedOptions options)
    {
        var patience = TimeSpan.FromMinutes(OptionCheck.Valid(options, "distributed").Patience);
        return Launch.OfEnvironment() is { IsOfSeveral: true } launch
            ? MpiGroup.Enter(launch, patience)
            : new SingleProcess();
    }
}
