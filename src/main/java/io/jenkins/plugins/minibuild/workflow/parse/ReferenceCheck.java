package io.jenkins.plugins.minibuild.workflow.parse;

import io.jenkins.plugins.minibuild.workflow.model.Job;
import io.jenkins.plugins.minibuild.workflow.model.Step;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Holds each reference of a file against what has a value where it stands. */
final class ReferenceCheck {
    private final Problems problems;
    private final Map<String, Job> jobs = new HashMap<>();
    private final NeedsCheck needs;
    private final Set<String> names;
    private final Map<String, Set<String>> promises = new HashMap<>();
    private final Map<String, Set<String>> axes = new HashMap<>();

    ReferenceCheck(Problems problems, List<Job> jobs, NeedsCheck needs) {
        this.problems = problems;
        jobs.forEach(job -> this.jobs.put(job.id(), job));
        this.needs = needs;
        names = new TreeSet<>(this.jobs.keySet());
    }

    void check(List<Use> uses) {
        for (Use use : uses) {
            switch (use.reference().kind()) {
                case OUTPUT -> output(use);
                case MATRIX -> matrix(use);
                case CREDENTIAL -> {
                    if (!use.takesSecrets()) {
                        problems.error(
                                use.position(),
                                Messages.Problem_credential(use.key()),
                                Messages.Problem_credentialRemedy());
                    }
                }
                case VARIABLE -> {
                    // The job's; which there are is known when it runs.
                }
            }
        }
    }

    private void output(Use use) {
        String name = use.reference().name();
        Job job = jobs.get(name);
        if (job == null) {
            problems.error(
                    use.position(),
                    Messages.Problem_noJob(use.key(), YamlReader.shortened(name)),
                    problems.meant(name, names));
            return;
        }
        String shown = YamlReader.shortened(name);
        switch (use.owner().kind()) {
            case WORKFLOW ->
                problems.error(
                        use.position(),
                        Messages.Problem_everywhere(use.key(), shown),
                        Messages.Problem_everywhereRemedy());
            case PRE -> problems.error(use.position(), Messages.Problem_before(shown), Messages.Problem_beforeRemedy());
            case STAGE -> {
                if (job.stage() >= use.owner().stage()) {
                    problems.error(
                            use.position(),
                            Messages.Problem_laterStage(use.key(), shown),
                            Messages.Problem_laterStageRemedy());
                }
            }
            case JOB -> {
                if (name.equals(use.owner().job())) {
                    problems.error(use.position(), Messages.Problem_self(shown), Messages.Problem_selfRemedy());
                } else if (!needs.isNeeded(use.owner().job(), name)) {
                    problems.error(
                            use.position(),
                            Messages.Problem_notNeeded(
                                    YamlReader.shortened(use.owner().job()), shown),
                            use.owner().stage() < 0
                                    ? Messages.Problem_notNeededRemedy(shown)
                                    : Messages.Problem_laterStageRemedy());
                }
            }
            case POST -> {
                // After all jobs.
            }
        }
        promised(use, job);
    }

    private void promised(Use use, Job job) {
        Set<String> promised = promises.computeIfAbsent(job.id(), id -> {
            Set<String> outputs = new LinkedHashSet<>(job.outputs());
            for (List<Step> steps : List.of(job.pre(), job.steps(), job.post())) {
                steps.forEach(step -> outputs.addAll(step.outputs()));
            }
            return outputs;
        });
        String key = use.reference().key();
        if (!key.isEmpty() && !promised.isEmpty() && !promised.contains(key)) {
            problems.error(
                    use.position(),
                    Messages.Problem_notPromised(YamlReader.shortened(job.id()), YamlReader.shortened(key)),
                    problems.meant(key, promised));
        }
    }

    private void matrix(Use use) {
        String axis = use.reference().name();
        Job job = jobs.get(use.owner().job());
        if (use.owner().kind() != Owner.Kind.JOB || job == null) {
            problems.error(
                    use.position(),
                    Messages.Problem_noMatrixHere(use.key(), axis),
                    Messages.Problem_noMatrixHereRemedy());
            return;
        }
        if (job.matrix() == null) {
            problems.error(
                    use.position(),
                    Messages.Problem_noMatrix(YamlReader.shortened(job.id()), axis),
                    Messages.Problem_noMatrixRemedy(axis));
            return;
        }
        Set<String> known = axes.computeIfAbsent(job.id(), id -> {
            Set<String> all = new LinkedHashSet<>(job.matrix().axes().keySet());
            job.matrix().include().forEach(each -> all.addAll(each.keySet()));
            return all;
        });
        if (!known.contains(axis)) {
            problems.error(use.position(), Messages.Problem_noAxis(axis), problems.meant(axis, known));
        }
    }
}
