/** What others use of this folder. */
export { AtlasServer } from './atlasServer';
export { carryCatalog } from './carryCatalog';
export { describeTables } from './describeTables';
export { describeJob } from './job';
export { connectorRows, datasetsOf } from './mapping';
export { applyPublish, planPublish } from './publish';
export { toUserError } from './store';
export { children, errorItem, listJobs } from './tree';
export { WorkspaceCatalog } from './workspaceCatalog';
