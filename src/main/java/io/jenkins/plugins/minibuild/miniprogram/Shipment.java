package io.jenkins.plugins.minibuild.miniprogram;

import io.jenkins.plugins.minibuild.miniprogram.profile.ProjectType;

/**
 * What uploads and previews have in common when they are done.
 *
 * @param appId the AppID of the program
 * @param desc the description; empty when there is none
 * @param robot the number of the CI robot
 * @param sizes the sizes that the service counted
 * @param facts the commit, the duration and the budget
 * @param findings what miniprogram-ci reported besides
 */
record Shipment(String appId, String desc, int robot, PackageSizes sizes, ShipmentFacts facts, Findings findings) {

    /** A doctor's run, which sends nothing. */
    static Shipment none(TaskParameters parameters) {
        ProjectType type = parameters.program().type();
        return new Shipment(
                parameters.program().appId(),
                "",
                parameters.robots().robot(),
                PackageSizes.read(null, type),
                ShipmentFacts.NONE,
                Findings.NONE);
    }
}
