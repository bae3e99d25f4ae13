import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { PackList, ToolList } from '@goalkeeper/contracts';
import { PackRepository, ToolRepository, type Database } from '@goalkeeper/persistence';
import { Caller, type Principal } from '../auth/principal';
import { DATABASE } from '../core/tokens';
import { ApiProblems } from '../docs/decorators';
import { toPackView, toToolView } from './registry.view';

@ApiTags('registry')
@Controller('v1')
export class RegistryController {
  constructor(@Inject(DATABASE) private readonly database: Database) {}

  @Get('tools')
  @ApiOperation({ summary: 'The tools that goals may use' })
  @ApiOkResponse({ standardSchema: ToolList })
  @ApiProblems()
  async tools(@Caller() caller: Principal): Promise<ToolList> {
    const tools = await this.database.tenant(caller.tenantId, (tx) => new ToolRepository(tx).list());
    return { data: tools.map(toToolView) };
  }

  @Get('packs')
  @ApiOperation({ summary: 'What can be asked: tasks, their arguments, sample wordings' })
  @ApiOkResponse({ standardSchema: PackList })
  @ApiProblems()
  async packs(@Caller() caller: Principal): Promise<PackList> {
    return this.database.tenant(caller.tenantId, async (tx) => {
      const packs = new PackRepository(tx);
      const [listed, faults] = [await packs.list(), await packs.faults()];
      const tools = (await new ToolRepository(tx).list()).map(({ name }) => name);
      const shown = faults.map(({ place, problems }) => ({ place, problems: [...problems] }));
      return { data: listed.map((pack) => toPackView(pack, tools)), faults: shown };
    });
  }
}
