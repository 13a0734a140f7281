using System.Globalization;
using TransformerClinic.Common;
using TransformerClinic.Distribution;
using TransformerClinic.GroupOperations;

// Started by a launcher of MPI, one process a rank; the first argument is the operation, the second the patience in
// seconds. What holds is printed; what does not ends with exit code 1.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (Launch.OfEnvironment() is not { IsOfSeveral: true } launch)
{
    Console.Error.WriteLine("one process: start this program with mpirun");
    return 2;
}

var patience = TimeSpan.FromSeconds(double.Parse(args[1], CultureInfo.InvariantCulture));
MpiGroup group;
try
{
    group = MpiGroup.Enter(launch, patience, messageBytes: Operations.MessageBytes);
}
catch (UserErrorException mistake)
{
    Console.Error.WriteLine(mistake.Message);
    return 2;
}

try
{
    new Operations(group).Run(args[0]);
    group.Dispose();
    return 0;
}
catch (ProcessGroupException missing)
{
    Console.Error.WriteLine($"rank {group.Rank}: {missing.Message}");
    group.Abort(3);
    return 3;
}
