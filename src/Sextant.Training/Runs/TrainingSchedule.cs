namespace Sextant.Training.Runs;

/// <summary>How the learning rate falls once it has warmed up.</summary>
public enum LearningRateDecay
{
    /// <summary>In a straight line, to a hundredth at the end.</summary>
    Linear = 0,

    /// <summary>Along half a cosine, to a hundredth at the end.</summary>
    Cosine = 1,
}

/// <summary>The learning rate of each step: up in a straight line while warming up, then down.</summary>
internal sealed record TrainingSchedule(float PeakRate, long WarmupSteps, long TotalSteps, LearningRateDecay Decay)
{
    private const double Floor = 0.01;

    /// <summary>The rate of a step, counted from 1.</summary>
    public float RateAt(long step)
    {
        double warm = WarmupSteps == 0 ? 1 : Math.Min(1, step / (double)WarmupSteps);
        double progress = Math.Clamp((step - WarmupSteps) / (double)Math.Max(1, TotalSteps - WarmupSteps), 0, 1);
        double left = Decay == LearningRateDecay.Cosine ? (1 + Math.Cos(Math.PI * progress)) / 2 : 1 - progress;
        return (float)(PeakRate * warm * Math.Max(Floor, left));
    }
}
