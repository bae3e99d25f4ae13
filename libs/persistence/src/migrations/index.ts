import { CreateTenants1763870400000 } from './1763870400000-create-tenants';
import { CreateGoals1763870401000 } from './1763870401000-create-goals';
import { CreateSteps1763870402000 } from './1763870402000-create-steps';
import { CreateMemory1763870403000 } from './1763870403000-create-memory';
import { CreateCommands1763870404000 } from './1763870404000-create-commands';
import { CreateArtifactsAndTools1763870405000 } from './1763870405000-create-artifacts-and-tools';
import { CreateAudit1763870406000 } from './1763870406000-create-audit';
import { CreateCallFunctions1763870407000 } from './1763870407000-create-call-functions';
import { CreateGoalFunctions1763870408000 } from './1763870408000-create-goal-functions';
import { CreateRequestFunctions1763870409000 } from './1763870409000-create-request-functions';
import { WriteCallsOnce1763870410000 } from './1763870410000-write-calls-once';
import { StorePlanInOneGo1763870410100 } from './1763870410100-store-plan-in-one-go';
import { VersionPacks1763870411000 } from './1763870411000-version-packs';
import { CreateQuestions1763870412000 } from './1763870412000-create-questions';
import { CreateSubGoals1763870412100 } from './1763870412100-create-sub-goals';
import { CreateResearch1763870413000 } from './1763870413000-create-research';
import { FadeToolRecords1763870414000 } from './1763870414000-fade-tool-records';
import { ListTenantsToCalibrate1763870414100 } from './1763870414100-list-tenants-to-calibrate';
import { CreateLearning1763870415000 } from './1763870415000-create-learning';
import { IndexEpisodeWords1763870415100 } from './1763870415100-index-episode-words';
import { RecallWhatWasLearned1763870415200 } from './1763870415200-recall-what-was-learned';
import { FadeMethodRecords1763870416000 } from './1763870416000-fade-method-records';
import { UnlearnWhatChanged1763870416100 } from './1763870416100-unlearn-what-changed';
import { PlanOnce1763870417000 } from './1763870417000-plan-once';
import { LeaveFoldersOutOfWords1763870419000 } from './1763870419000-leave-folders-out-of-words';
import { DoubtWhatChanged1763870420000 } from './1763870420000-doubt-what-changed';
import { SayWhyUntaught1763870420100 } from './1763870420100-say-why-untaught';
import { RecallByOnePlan1763870421000 } from './1763870421000-recall-by-one-plan';
import { TellHowFarGoalsCame1763870432000 } from './1763870432000-tell-how-far-goals-came';

/** Every migration, oldest first. A new one goes to the end and never changes what is above it. */
export const MIGRATIONS = [
  CreateTenants1763870400000,
  CreateGoals1763870401000,
  CreateSteps1763870402000,
  CreateMemory1763870403000,
  CreateCommands1763870404000,
  CreateArtifactsAndTools1763870405000,
  CreateAudit1763870406000,
  CreateCallFunctions1763870407000,
  CreateGoalFunctions1763870408000,
  CreateRequestFunctions1763870409000,
  WriteCallsOnce1763870410000,
  StorePlanInOneGo1763870410100,
  VersionPacks1763870411000,
  CreateQuestions1763870412000,
  CreateSubGoals1763870412100,
  CreateResearch1763870413000,
  FadeToolRecords1763870414000,
  ListTenantsToCalibrate1763870414100,
  CreateLearning1763870415000,
  IndexEpisodeWords1763870415100,
  RecallWhatWasLearned1763870415200,
  FadeMethodRecords1763870416000,
  UnlearnWhatChanged1763870416100,
  PlanOnce1763870417000,
  LeaveFoldersOutOfWords1763870419000,
  DoubtWhatChanged1763870420000,
  SayWhyUntaught1763870420100,
  RecallByOnePlan1763870421000,
  TellHowFarGoalsCame1763870432000,
];
