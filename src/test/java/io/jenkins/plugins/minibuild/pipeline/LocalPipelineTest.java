package io.jenkins.plugins.minibuild.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.minibuild.step.LocalBuild;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalPipelineTest {
    @TempDir
    Path root;

    private LocalBuild build;

    @BeforeEach
    void start() throws Exception {
        build = LocalBuild.in(root);
    }

    private boolean run(String jenkinsfile) {
        return new LocalPipeline(build).run(jenkinsfile);
    }

    @Test
    void runsADeclarativePipeline() {
        boolean succeeded = run("""
                pipeline {
                    agent any
                    environment { NAME = 'shop' }
                    options { timeout(time: 1, unit: 'MINUTES') }
                    stages {
                        stage('Build') {
                            steps {
                                sh 'echo building $NAME'
                                script {
                                    def id = sh(script: 'echo 42', returnStdout: true).trim()
                                    echo "id ${id}"
                                }
                            }
                        }
                    }
                    post {
                        success { echo 'well done' }
                        failure { echo 'not here' }
                        always { echo 'the end' }
                    }
                }
                """);
        assertThat(succeeded).as(build.log()).isTrue();
        assertThat(build.log())
                .contains("[Pipeline] { (Build)", "building shop", "id 42", "well done", "the end", "Finished: SUCCESS")
                .doesNotContain("not here");
    }

    @Test
    void runsAScriptedPipeline() {
        assertThat(run("node { stage('A') { env.X = 'y'; sh 'echo x is $X' } }"))
                .isTrue();
        assertThat(build.log()).contains("x is y");
    }

    @Test
    void failsWithOneLineForAUsersMistake() {
        assertThat(run("node { sh 'exit 3' }")).isFalse();
        assertThat(build.log())
                .contains("ERROR: the script failed with exit code 3", "Finished: FAILURE")
                .doesNotContain("\tat ");
    }

    @Test
    void namesTheStepsItKnowsWhenOneIsUnknown() {
        assertThat(run("node { noSuchStep a: 1 }")).isFalse();
        assertThat(build.log()).contains("noSuchStep");
    }
}
