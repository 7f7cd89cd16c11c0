[assembly: AssemblyFixture(typeof(Sextant.Server.Tests.SharedService))]
