Console.Error.WriteLine("sextant: no command yet");
return 2;
