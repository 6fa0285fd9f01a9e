package io.jenkins.plugins.minibuild.notify;

/** Who asks for a message about a build. */
enum Asker {
    /** The step {@code miniBuildNotify}, or a freestyle job's step after the build. */
    STEP("job"),
    /** The profile of a mini program. */
    PROFILE("profile"),
    /** The notifications that a job or its folder has configured. */
    SETTING("setting");

    private final String id;

    Asker(String id) {
        this.id = id;
    }

    /** Its name in build.xml. */
    String id() {
        return id;
    }
}
